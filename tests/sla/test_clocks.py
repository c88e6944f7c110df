"""A clock starts at MQL, stops at the first attempt, and is breached by nobody's answer."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from funnel.events import LeadsAttempted, StagesEntered
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.activities import NewActivity, record_activities
from leads.models import Activity, Lead
from sla import actions, queries, reactions, tasks
from sla.actions import Promise
from sla.models import Clock, Outcome, Policy
from tests.builders import a_lead

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
AROUND_THE_CLOCK = Promise(minutes=60, days=range(7), opens=time(0), closes=time(23, 59))


@pytest.fixture
def policy(ada: Member) -> Policy:
    return actions.publish_policy(AROUND_THE_CLOCK, reason="Test", by=ada, now=MONDAY)


@pytest.fixture
def lead(policy: Policy) -> Lead:
    lead = a_lead(stage="mql")
    assert actions.start_clocks([lead.pk], now=MONDAY) == 1
    return lead


def attempt(lead: Lead, at: datetime, by: Member, kind: str = "call") -> None:
    fact = NewActivity(kind=kind, occurred_at=at, lead_id=lead.pk, by_id=by.pk)
    record_activities([fact], now=at)


def clock_of(lead: Lead) -> Clock:
    return Clock.objects.filter(lead=lead).latest("started_at")


def breaches_on_timeline(lead: Lead) -> int:
    return Activity.objects.filter(lead=lead, kind="breached").count()


def test_a_clock_is_due_after_the_promised_business_time(lead: Lead) -> None:
    assert clock_of(lead).due_at == MONDAY + HOUR


def test_a_lead_has_one_running_clock(lead: Lead) -> None:
    assert actions.start_clocks([lead.pk], now=MONDAY + HOUR) == 0
    assert Clock.objects.filter(lead=lead).count() == 1


def test_without_a_policy_nothing_is_promised(world: Any) -> None:
    assert actions.start_clocks([a_lead().pk], now=MONDAY) == 0


def test_the_first_attempt_stops_it_at_its_own_time(lead: Lead, rita: Member, rob: Member) -> None:
    attempt(lead, MONDAY + 0.5 * HOUR, rita)
    attempt(lead, MONDAY + 0.7 * HOUR, rob)
    reactions.stop_answered(LeadsAttempted((lead.pk,)))
    clock = clock_of(lead)
    assert (clock.stopped_at, clock.stopped_by, clock.breached_at) == (
        MONDAY + 0.5 * HOUR,
        rita,
        None,
    )


def test_an_attempt_before_the_clock_does_not_stop_it(lead: Lead, rita: Member) -> None:
    attempt(lead, MONDAY - HOUR, rita)
    assert actions.answer_clocks([lead.pk]) == 0


def test_a_page_view_is_no_answer(lead: Lead, rita: Member) -> None:
    attempt(lead, MONDAY + 0.5 * HOUR, rita, kind="page_view")
    assert actions.answer_clocks([lead.pk]) == 0


def test_a_deadline_is_breached_once(lead: Lead) -> None:
    assert actions.note_breaches(now=MONDAY + HOUR) == 1
    assert actions.note_breaches(now=MONDAY + 2 * HOUR) == 0
    assert clock_of(lead).breached_at == MONDAY + HOUR
    assert breaches_on_timeline(lead) == 1


def test_nothing_is_breached_before_its_deadline(lead: Lead) -> None:
    assert actions.note_breaches(now=MONDAY + 0.9 * HOUR) == 0


def test_an_answer_nobody_has_heard_of_yet_still_counts(lead: Lead, rita: Member) -> None:
    attempt(lead, MONDAY + 0.9 * HOUR, rita)
    assert actions.note_breaches(now=MONDAY + 2 * HOUR) == 0
    assert clock_of(lead).breached_at is None


def test_a_late_answer_stops_the_clock_and_stays_a_breach(lead: Lead, rita: Member) -> None:
    attempt(lead, MONDAY + 3 * HOUR, rita)
    actions.answer_clocks([lead.pk])
    clock = clock_of(lead)
    assert (clock.outcome, clock.breached_at) == (Outcome.ANSWERED, MONDAY + HOUR)


def test_the_worker_sweeps_every_workspace(lead: Lead, gus: Member, globex: Workspace) -> None:
    with inside(globex.pk):
        actions.publish_policy(AROUND_THE_CLOCK, reason="Test", by=gus, now=MONDAY)
        theirs = a_lead(stage="mql")
        actions.start_clocks([theirs.pk], now=MONDAY)
    assert tasks.sweep_deadlines() == 2
    assert breaches_on_timeline(lead) == 1


def test_becoming_an_mql_starts_it_and_leaving_unanswered_ends_it(policy: Policy) -> None:
    lead = a_lead()
    reactions.watch_first_response(StagesEntered((lead.pk,), stage="mql"))
    assert clock_of(lead).stopped_at is None
    reactions.watch_first_response(StagesEntered((lead.pk,), stage="nurturing"))
    assert clock_of(lead).outcome == Outcome.LEFT


def test_a_quiet_move_promises_nothing_and_still_ends_a_wait(policy: Policy, lead: Lead) -> None:
    newcomer = a_lead()
    moved = StagesEntered((newcomer.pk,), stage="mql", is_quiet=True)
    reactions.watch_first_response(moved)
    assert not Clock.objects.filter(lead=newcomer).exists()
    gone = StagesEntered((lead.pk,), stage="nurturing", is_quiet=True)
    reactions.watch_first_response(gone)
    assert clock_of(lead).outcome == Outcome.LEFT


def test_attainment_counts_answered_and_missed(policy: Policy, rita: Member) -> None:
    kept, late, _missed, left, waiting = leads = [a_lead() for _ in range(5)]
    actions.start_clocks([lead.pk for lead in leads[:4]], now=MONDAY)
    actions.start_clocks([waiting.pk], now=MONDAY + 5 * HOUR)
    attempt(kept, MONDAY + 0.5 * HOUR, rita)
    attempt(late, MONDAY + 2 * HOUR, rita)
    actions.close_clocks([left.pk], now=MONDAY + 0.5 * HOUR)
    actions.answer_clocks([kept.pk, late.pk])
    actions.note_breaches(now=MONDAY + 3 * HOUR)
    found = queries.attainment(MONDAY, MONDAY + 24 * HOUR)
    assert (found.kept, found.missed, found.share) == (1, 2, 1 / 3)


def test_nothing_due_has_no_attainment(world: Any) -> None:
    assert queries.attainment(MONDAY, MONDAY + HOUR).share is None
