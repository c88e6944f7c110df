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
from scoring.models import Hit, LeadScore, Per, Rule
from tests.builders import a_lead, an_activity
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
BEHAVIOUR = st.builds(
    lambda points, test, window, cap: a_behaviour_rule(
        points, condition=PRICING | test[0], per=test[1], window_days=window, cap=cap
    ),
    st.integers(-30, 30),
    st.one_of(
        st.sampled_from([({}, per.value) for per in Per]),
        st.sampled_from(
            [
                ({"at_least": 2}, "once"),
                ({"at_most": 1}, "once"),
                ({"never": True}, "once"),
                ({"at_least": 2, "at_most": 3}, "once"),
            ]
        ),
    ),
    st.one_of(st.none(), st.sampled_from([0, 1, 7])),
    st.one_of(st.none(), st.integers(1, 40)),
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
RULES = st.lists(st.one_of(BEHAVIOUR, PROFILE), min_size=1, max_size=5)

no_health_checks = settings(
    max_examples=20,
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


def expected(rule: Rule, lead: Lead, days: list[date], today: date) -> int:
    """A naive count of what one rule gives, from the days of the facts that match."""
    if rule.kind == "profile":
        is_met = {
            "is": lead.country == "India",
            "none": lead.country != "India",
            "more_than_days_ago": today > lead.created_at.astimezone(ZONE).date() + DAY,
        }[next(key for key in rule.condition if key != "field")]
        return rule.points * is_met
    first = date.min if rule.window_days is None else today - rule.window_days * DAY
    days = [day for day in days if first <= day <= today]
    wanted = rule.condition
    least = 0 if "never" in wanted else wanted.get("at_least", 0 if "at_most" in wanted else 1)
    most = 0 if "never" in wanted else wanted.get("at_most", len(days))
    if not least <= len(days) <= most:
        return 0
    units = {"once": 1, "day": len(set(days)), "occurrence": len(days)}[rule.per]
    bound = rule.cap if rule.cap is not None else 10**9
    return max(-bound, min(bound, rule.points * units))


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
    return {
        "hits": sorted(Hit.objects.values_list("lead_id", "pattern", "day", "count")),
        "contributions": sorted(
            (score.lead_id, each.rule_id, each.facts, each.raw, each.points)
            for score in LeadScore.objects.all()
            for each in score.contributions()
        ),
        "scores": sorted(
            LeadScore.objects.values_list("lead_id", "model_id", "value", "lead_class", "due_at"),
            key=str,
        ),
        "shown": sorted(Lead.objects.values_list("id", "score", "lead_class")),
    }


def check(rules: list[Rule], people: list[Lead], facts: list[Fact], now: datetime) -> None:
    today = now.astimezone(ZONE).date()
    for number, lead in enumerate(people):
        given = {
            rule.pk: expected(rule, lead, matched_days(number, facts), today) for rule in rules
        }
        score = LeadScore.objects.get(lead=lead)
        stored = {each.rule_id: each.points for each in score.contributions()}
        lead.refresh_from_db()
        assert {pk: points for pk, points in given.items() if points} == {
            pk: points for pk, points in stored.items() if points
        }
        assert lead.score == sum(stored.values()) == score.value
        assert lead.lead_class == (
            "hot" if score.value >= 70 else "warm" if score.value >= 35 else "cold"
        )


@no_health_checks
@given(rules=RULES, early=FACTS, late=FACTS, days=st.integers(0, 9))
def test_scores_are_exact_and_never_drift(
    rules: list[Rule],
    early: list[Fact],
    late: list[Fact],
    days: int,
    people: list[Lead],
    world: World,
) -> None:
    with rolled_back():
        record(people, early)
        a_published_model(*rules, by=world.mara, now=NOW)
        check(rules, people, early, NOW)

        record(people, late)
        first = min((day_of(hours) for _, _, hours, _ in late), default=None)
        rescore_leads([people[number].pk for number, *_ in late], now=NOW, since=first)
        check(rules, people, early + late, NOW)

        later = NOW + days * DAY
        rescore_due(now=later)
        check(rules, people, early + late, later)
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
