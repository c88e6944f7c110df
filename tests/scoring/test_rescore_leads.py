"""Whatever the rules and the facts are: contributions sum to the score, and it never drifts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leads.models import Lead
from scoring.actions.publishing import recompute_model
from scoring.actions.rescoring import rescore_due, rescore_leads
from scoring.models import Hit, LeadScore, ModelVersion, Per, Rule, RuleGroup
from tests.builders import a_lead, an_activity
from tests.scoring import oracle
from tests.scoring.builders import (
    PRICING,
    a_behaviour_rule,
    a_profile_rule,
    a_published_model,
    finish,
)
from tests.worlds import World

NOW = datetime(2026, 3, 29, 22, 30, tzinfo=UTC)  # already the 30th in Athens, the night of DST
ZONE = ZoneInfo("Europe/Athens")

DAY = timedelta(days=1)
Fact = tuple[int, str, int, bool]  # lead, path, hours ago, by a machine

FACTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["/pricing", "/blog"]),
        st.integers(-20, 24 * 12),
        st.booleans(),
    ),
    max_size=12,
)
STEPS = st.sampled_from([[[1, 50]], [[2, 75], [3, 10], [6, 0]], [[7, 30]]])
NO_FADING: dict[str, Any] = {}
FADING = st.one_of(
    st.just(NO_FADING),
    st.integers(1, 9).map(lambda days: {"decay": "half_life", "half_life_days": days}),
    STEPS.map(lambda steps: {"decay": "steps", "steps": steps}),
)
TIMES = [
    *[({}, per.value) for per in Per],
    ({"at_least": 2}, "once"),
    ({"at_most": 1}, "once"),
    ({"never": True}, "once"),
    ({"at_least": 2, "at_most": 3}, "once"),
]


def a_rule_about(
    points: int,
    test: tuple[dict[str, Any], str],
    window: int | None,
    cap: int | None,
    fading: dict[str, Any],
) -> Rule:
    has_day = not {"never", "at_most"} & set(test[0]) or "at_least" in test[0]
    return a_behaviour_rule(
        points,
        condition=PRICING | test[0],
        per=test[1],
        window_days=window,
        cap=cap,
        **(fading if has_day else {}),
    )


BEHAVIOUR = st.builds(
    a_rule_about,
    st.integers(-30, 30),
    st.sampled_from(TIMES),
    st.one_of(st.none(), st.sampled_from([0, 1, 7])),
    st.one_of(st.none(), st.integers(1, 40)),
    FADING,
)
PROFILE = st.builds(
    a_profile_rule,
    st.integers(-30, 30),
    st.sampled_from(
        [
            {"field": "country", "is": "India"},
            {"none": [{"field": "country", "is": "India"}]},
            {"field": "created_at", "more_than_days_ago": 1},
        ]
    ),
)
CAPS = st.lists(st.integers(1, 60), max_size=2)
RULES = st.builds(
    lambda rules, caps, chosen: grouped(rules, caps, chosen),
    st.lists(st.one_of(BEHAVIOUR, PROFILE), min_size=1, max_size=5),
    CAPS,
    st.lists(st.integers(0, 2), min_size=5, max_size=5),
)
BOUNDS = st.builds(
    lambda least, most: {"least": least, "most": most},
    st.one_of(st.none(), st.integers(-40, 0)),
    st.one_of(st.none(), st.integers(1, 60)),
)


def grouped(rules: list[Rule], caps: list[int], chosen: list[int]) -> list[Rule]:
    """Each rule in one of the groups, or in none."""
    groups = [RuleGroup(name=f"Group {n}", cap=cap, position=n) for n, cap in enumerate(caps)]
    for rule, number in zip(rules, chosen, strict=False):
        rule.group = groups[number] if number < len(groups) else None
    return rules


no_health_checks = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failing case is small already
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def people(world: World) -> list[Lead]:
    return [a_lead(country=name, created_at=NOW) for name in ("India", "Greece", "")]


def record(people: list[Lead], facts: list[Fact]) -> None:
    for number, path, hours, is_machine in facts:
        an_activity(
            people[number],
            properties={"path": path},
            occurred_at=NOW - timedelta(hours=hours),
            is_machine=is_machine,
        )


def day_of(hours_ago: int) -> date:
    return (NOW - timedelta(hours=hours_ago)).astimezone(ZONE).date()


def matched_days(number: int, facts: list[Fact]) -> list[date]:
    return [
        day_of(hours)
        for whose, path, hours, is_machine in facts
        if whose == number and path == "/pricing" and not is_machine
    ]


def all_scores() -> dict[str, list[tuple[Any, ...]]]:
    """Everything scoring has derived, comparable."""
    scores = LeadScore.objects.all()
    return {
        "hits": sorted(Hit.objects.values_list("lead_id", "pattern", "day", "count")),
        "contributions": sorted(
            (score.lead_id, *row) for score in scores for row in rows_in(score)
        ),
        "scores": sorted(
            scores.values_list("lead_id", "version_id", "value", "lead_class", "grade", "due_at"),
            key=str,
        ),
        "shown": sorted(Lead.objects.values_list("id", "score", "lead_class", "grade"), key=str),
    }


def rows_in(score: LeadScore) -> list[tuple[int, int, int, int, int]]:
    return [
        (each.place, each.facts, each.raw, each.faded, each.points)
        for each in score.contributions()
    ]


def check(
    version: ModelVersion,
    rules: list[Rule],
    people: list[Lead],
    facts: list[Fact],
    now: datetime,
) -> None:
    today = now.astimezone(ZONE).date()
    for number, lead in enumerate(people):
        made_on = lead.created_at.astimezone(ZONE).date()
        known = oracle.Known(lead, made_on, matched_days(number, facts), today)
        wanted = oracle.rows_of(version, rules, known)
        score = LeadScore.objects.get(lead=lead)
        assert {place: tuple(rest) for place, *rest in rows_in(score)} == wanted
        lead.refresh_from_db()
        assert lead.score == sum(row[-1] for row in wanted.values()) == score.value
        assert lead.lead_class == oracle.band(version, lead.score)


@no_health_checks
@given(
    rules=RULES,
    bounds=BOUNDS,
    early=FACTS,
    late=FACTS,
    days=st.lists(st.integers(1, 9), max_size=3),
)
def test_scores_are_exact_and_never_drift(
    rules: list[Rule],
    bounds: dict[str, Any],
    early: list[Fact],
    late: list[Fact],
    days: list[int],
    people: list[Lead],
    world: World,
) -> None:
    with rolled_back():
        record(people, early)
        version = a_published_model(*rules, by=world.mara, now=NOW, **bounds)
        check(version, rules, people, early, NOW)

        record(people, late)
        first = min((day_of(hours) for _, _, hours, _ in late), default=None)
        rescore_leads([people[number].pk for number, *_ in late], now=NOW, since=first)
        check(version, rules, people, early + late, NOW)

        later = NOW
        for each in days:
            later += each * DAY
            rescore_due(now=later)
            check(version, rules, people, early + late, later)
        kept = all_scores()
        from_scratch(later, world)
        assert all_scores() == kept


def from_scratch(now: datetime, world: World) -> None:
    Hit.objects.all().delete()
    LeadScore.objects.all().delete()
    finish(recompute_model(by=world.mara, now=now), now=now)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
