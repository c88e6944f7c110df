"""A publish amid late facts, passing days, workers that die and a release that stops and goes on.

Whatever happens in between and in which order: in the end the scores are those of a computation
from nothing, whoever the switch moved is held once and let go once, and no cap is exceeded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel.actions.definitions import start_funnel
from leads.models import Lead, Stage
from scoring.actions import recomputing, releasing
from scoring.actions.publishing import publish_model
from scoring.actions.recomputing import advance_recomputes
from scoring.actions.releasing import ReleaseIsOver, advance_releases
from scoring.actions.rescoring import rescore_due, rescore_leads
from scoring.actions.terms import Terms
from scoring.models import HeldLead, ModelVersion, Recompute, Release, ReleaseState, Rule
from tests.scoring.builders import a_draft, a_published_model
from tests.scoring.test_rescore_leads import (
    DAY,
    FACTS,
    NOW,
    RULES,
    Fact,
    all_scores,
    check,
    day_of,
    from_scratch,
    no_health_checks,
    people,
    record,
    rolled_back,
)
from tests.worlds import World

__all__ = ["people"]  # a fixture

CAP = 2
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("facts"), FACTS),
        st.tuples(st.just("days"), st.integers(1, 9)),
        *(
            st.tuples(st.just(name), st.none())
            for name in ("chunk", "dies", "release", "dies_releasing", "stop", "go_on", "next")
        ),
    ),
    max_size=14,
)


@dataclass
class Story:
    """A publish under way, and what has happened so far."""

    people: list[Lead]
    recompute: Recompute
    release: Release
    facts: list[Fact]
    now: datetime = NOW
    told: list[str] = field(default_factory=list)

    def happen(self, what: str, given: Any) -> None:
        self.told.append(what)
        verbs: dict[str, Callable[[], None]] = {
            "facts": lambda: self.learn(given),
            "days": lambda: self.wait(given),
            "chunk": self.work,
            "dies": lambda: self.die(self.work),
            "release": self.let_go,
            "dies_releasing": lambda: self.die(self.let_go),
            "stop": lambda: self.steer(releasing.stop_release),
            "go_on": lambda: self.steer(releasing.go_on_release),
            "next": lambda: self.steer(releasing.open_next_stage),
        }
        verbs[what]()

    def learn(self, facts: list[Fact]) -> None:
        """Facts of now, of days ago, and dated ahead."""
        record(self.people, facts)
        self.facts += facts
        first = min((day_of(hours) for _, _, hours, _ in facts), default=None)
        ids = [self.people[number].pk for number, *_ in facts]
        rescore_leads(ids, now=self.now, since=first)

    def wait(self, days: int) -> None:
        self.now += days * DAY
        rescore_due(now=self.now)

    def work(self) -> None:
        advance_recomputes([self.recompute.pk], now=self.now)

    def let_go(self) -> None:
        advance_releases([self.release.pk], now=self.now)

    def die(self, work: Callable[[], None]) -> None:
        """All was done but the commit."""
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    def steer(self, verb: Callable[..., None]) -> None:
        with suppress(ReleaseIsOver):
            verb(self.release, now=self.now)

    def end(self) -> None:
        """Workers do the rest; somebody opens every stage."""
        while Recompute.objects.filter(finished_at=None).exists():
            self.work()
        rescore_due(now=self.now)
        for _ in range(8):
            self.steer(releasing.go_on_release)
            self.steer(releasing.open_next_stage)
            self.let_go()


@contextmanager
def small_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(recomputing, "CHUNK", 1)
        patched.setattr(releasing, "AT_ONCE", 1)
        yield


def publish(world: World, rules: list[Rule]) -> tuple[ModelVersion, Recompute, Release]:
    draft = a_draft(*rules, hot_from=30, warm_from=10)
    terms = Terms(("mql",), total_cap=CAP, shares=(50, 100))
    recompute = publish_model(draft, by=world.mara, reason="Better", now=NOW, terms=terms)
    return draft, recompute, Release.objects.get()


@pytest.mark.timeout(300)  # dozens of publishes, in the smallest of steps
@settings(no_health_checks, max_examples=15)
@given(before=RULES, after=RULES, early=FACTS, happenings=HAPPENINGS)
def test_a_publish_ends_as_if_nothing_had_come_between(
    before: list[Rule],
    after: list[Rule],
    early: list[Fact],
    happenings: list[tuple[str, Any]],
    people: list[Lead],
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with rolled_back(), small_steps(monkeypatch):
        start_funnel(now=NOW)
        record(people, early)
        a_published_model(*before, by=world.mara, now=NOW)
        version, recompute, release = publish(world, after)
        story = Story(people, recompute, release, list(early))
        for what, given_ in happenings:
            story.happen(what, given_)
        story.end()

        version.refresh_from_db()
        check(version, after, people, story.facts, story.now)
        check_release(release)
        kept = all_scores()
        from_scratch(story.now, world)
        assert all_scores() == kept


def check_release(release: Release) -> None:
    release.refresh_from_db()
    held = HeldLead.objects.filter(release=release)
    promoted = set(held.filter(is_promoted=True).values_list("lead_id", flat=True))
    assert release.state == ReleaseState.DONE
    assert len(promoted) <= CAP
    assert set(Lead.objects.filter(stage=Stage.MQL).values_list("pk", flat=True)) == promoted
    if len(promoted) < CAP:
        assert not held.filter(released_at=None).exists()
