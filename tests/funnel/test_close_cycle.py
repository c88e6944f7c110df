"""Closing a cycle: the archive says what it was, and the next cycle starts as declared."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from funnel.actions.cycles import CannotCloseCycle, CycleMovedOn, Ending, close_cycle, close_cycles
from funnel.actions.holding import CannotWorkLead
from funnel.actions.qualifying import qualify_lead, save_qualification
from funnel.actions.reopening import reopen_cycle
from funnel.actions.stages import enter_stage, move_lead
from funnel.models import Assignment, ClosedCycle, Qualification, StageMove
from funnel.routing.drafting import RuleWords
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.actions.activities import NewActivity, record_activities
from leads.actions.merging import merge_leads
from leads.kinds import Kind
from leads.models import Activity, Lead
from leads.queries.timelines import timeline_of_lead
from nurturing.models import Enrolment
from scoring.actions.cycles import Carried
from scoring.actions.rescoring import rescore_leads
from sla.actions import start_policy
from sla.models import Clock
from tests.builders import a_deal, a_lead, a_plan, a_sequence, a_team, an_activity, told
from tests.clients import client_of, drain
from tests.scoring.builders import a_behaviour_rule, a_profile_rule, a_published_model
from tests.worlds import World

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
BECAUSE = Ending("The fair is over")


@pytest.fixture
def lead(world: World) -> Lead:
    """An MQL of Rita's with a score of 50: 20 for India, 30 for three looks at the prices."""
    made = a_lead(country="India", owner=world.rita, source="google", created_at=NOW - 90 * DAY)
    for days in (1, 2, 30):
        an_activity(made, occurred_at=NOW - days * DAY, properties={"path": "/pricing"})
    rules = a_profile_rule(20, name="From India"), a_behaviour_rule(10, name="Prices")
    a_published_model(*rules, by=world.ada, now=NOW - 3 * DAY)
    start_policy(by=None, now=NOW - 9 * DAY)
    enter_stage([made.pk], stage="mql", reason="Score", by=world.mara, now=NOW - 2 * DAY)
    Clock.objects.update(started_at=NOW - 2 * DAY, due_at=NOW)
    made.refresh_from_db()
    return made


def close(lead: Lead, world: World, ending: Ending = BECAUSE, **given: Any) -> ClosedCycle:
    usual: dict[str, Any] = {"number": lead.cycle, "by": world.rita, "now": NOW}
    archive = close_cycle(lead, ending, **usual | given)
    lead.refresh_from_db()
    return archive


def test_the_archive_says_what_the_cycle_was(world: World, lead: Lead) -> None:
    archive = close(lead, world)
    told = (archive.number, archive.score, archive.stage, archive.highest_stage, archive.outcome)
    assert told == (1, 50, "mql", "mql", "nothing")
    assert (archive.by, archive.reason, archive.owner) == (world.rita, BECAUSE.reason, world.rita)
    (score,) = archive.story["scores"]
    assert [(row["name"], row["facts"], row["points"]) for row in score["contributions"]] == [
        ("From India", 1, 20),
        ("Prices", 3, 30),
    ]
    assert sum(row["points"] for row in score["contributions"]) == score["score"]
    assert [(move["from"], move["to"]) for move in archive.story["path"]] == [("lead", "mql")]
    assert archive.story["clocks"][0]["is_missed"] is False
    assert archive.story["origin"]["source"] == "google"


def test_the_archive_says_which_rule_gave_the_lead_to_whom_and_why(
    world: World, lead: Lead
) -> None:
    plan = a_plan(RuleWords("India", team=a_team("East", world.rob)), now=NOW - 9 * DAY)
    rule = plan.rules.get()
    for days, member in ((2, world.rob), (1, world.rita), (-1, world.max)):
        Assignment.objects.create(
            lead=lead,
            member=member,
            rule=rule,
            manner="turn",
            why=f"Routed to {member}",
            assigned_at=NOW - days * DAY,
        )
    archive = close(lead, world)
    told = archive.story["origin"]["assignments"]
    assert [(each["member"], each["why"]) for each in told] == [
        ("Rob", "Routed to Rob"),
        ("Rita", "Routed to Rita"),
    ]
    assert (told[0]["rule"], told[0]["plan"]) == ("India", 1)
    page = client_of(world.rita).get(workspace_reverse("funnel:cycle", id=archive.pk))
    shown = page.content.decode()
    assert "Routed to Rob" in shown
    assert "rule “India” of version 1" in shown


def test_the_next_cycle_starts_at_lead_with_nothing(world: World, lead: Lead) -> None:
    close(lead, world)
    assert (lead.cycle, lead.stage, lead.score, lead.cycle_began_at) == (2, "lead", 0, NOW)
    move = StageMove.objects.filter(lead=lead).latest("moved_at")
    assert (move.to_stage, move.cycle, move.reason) == (
        "lead",
        2,
        "Cycle closed: The fair is over",
    )
    assert Activity.objects.filter(lead=lead, kind=Kind.CYCLE_CLOSED).count() == 1
    assert lead.highest_stage == "mql"  # of its life


def test_what_waited_in_the_old_stage_ends_and_nothing_new_begins(world: World, lead: Lead) -> None:
    a_sequence(trigger="stage", trigger_stage="lead")
    running = a_sequence()
    Enrolment.objects.create(
        sequence=running, version=running.versions.get(), lead=lead, due_at=NOW, enrolled_at=NOW
    )
    close(lead, world)
    drain()
    assert not Clock.objects.running().filter(lead=lead).exists()
    assert [each.sequence for each in Enrolment.objects.filter(lead=lead)] == [running]
    assert Lead.objects.get(pk=lead.pk).stage == "lead"


def test_a_lead_may_stay_where_it_is_and_keep_a_share(world: World, lead: Lead) -> None:
    archive = close(lead, world, Ending("New budget year", Carried("share", 50), "stays"))
    assert (lead.stage, lead.score, lead.cycle) == ("mql", 25, 2)
    assert (archive.carry, archive.carry_amount, archive.onward) == ("share", 50, "stays")


def test_customers_stay_customers(world: World, lead: Lead) -> None:
    enter_stage([lead.pk], stage="customer", reason="Bought", now=NOW - DAY)
    a_deal(lead, status="won", closed_at=NOW - DAY)
    archive = close(lead, world)
    assert (lead.stage, lead.cycle, archive.outcome) == ("customer", 2, "won")
    assert archive.highest_stage == "customer"
    assert archive.story["deals"][0]["amount"] == 100_000


@pytest.mark.parametrize(
    ("ending", "field"),
    [
        (Ending("  "), "reason"),
        (Ending("Over", Carried("half")), "carry"),
        (Ending("Over", Carried("share", 101)), "carry_amount"),
        (Ending("Over", Carried("points")), "carry_amount"),
        (Ending("Over", Carried("nothing", 5)), "carry_amount"),
        (Ending("Over", onward="sql"), "onward"),
    ],
)
def test_a_vague_closing_is_refused(world: World, lead: Lead, ending: Ending, field: str) -> None:
    with pytest.raises(CannotCloseCycle) as refusal:
        close(lead, world, ending)
    assert refusal.value.field == field
    assert not ClosedCycle.objects.exists()


def test_an_open_deal_is_decided_first(world: World, lead: Lead) -> None:
    deal = a_deal(lead)
    with pytest.raises(CannotCloseCycle, match="open deal"):
        close(lead, world)
    close(lead, world, Ending("Over", onward="stays"))
    assert deal.lead.cycle == 2


def test_another_reps_lead_is_not_closed(world: World, lead: Lead) -> None:
    with pytest.raises(CannotWorkLead):
        close(lead, world, by=world.rob)


def test_of_two_who_close_the_same_cycle_one_is_told(world: World, lead: Lead) -> None:
    close(lead, world)
    with pytest.raises(CycleMovedOn, match=r"Cycle 1 of .* is closed already; it is in cycle 2"):
        close(lead, world, number=1, by=world.max, now=NOW + DAY)
    assert ClosedCycle.objects.count() == 1


def test_facts_heard_of_late_belong_to_the_old_cycle(world: World, lead: Lead) -> None:
    archive = close(lead, world)
    late = NewActivity(Kind.PAGE_VIEW, NOW - DAY, lead_id=lead.pk, properties={"path": "/pricing"})
    record_activities([late], now=timezone.now())
    drain()
    lead.refresh_from_db()
    again = ClosedCycle.objects.get(pk=archive.pk)
    assert (lead.score, again.score, again.story) == (0, 50, archive.story)
    told = [each.told.detail for each in timeline_of_lead(lead, {}, "EUR").rows]
    assert any("it belongs to that one" in detail for detail in told)


def test_a_second_cycle_is_told_by_itself(world: World, lead: Lead) -> None:
    close(lead, world)
    an_activity(lead, occurred_at=NOW + DAY, properties={"path": "/pricing"})
    enter_stage([lead.pk], stage="nurturing", reason="Later", now=NOW + 2 * DAY)
    archive = close(lead, world, now=NOW + 3 * DAY)
    assert (archive.number, archive.score, archive.outcome) == (2, 10, "not_now")
    assert [move["to"] for move in archive.story["path"]] == ["lead", "nurturing"]
    assert "clocks" not in archive.story


def test_an_old_qualification_makes_no_sql_in_the_next_cycle(world: World, lead: Lead) -> None:
    known: Any = told()
    qualify_lead(lead, outcome="positive", told=known, by=world.rita, now=NOW - DAY)
    save_qualification(lead, {"reason": "Asks again"}, by=world.rita, now=NOW)
    archive = close(lead, world, now=NOW + DAY)
    assert [each["outcome"] for each in archive.story["qualifications"]] == ["positive", ""]
    assert Qualification.objects.get(outcome="").cycle == 2  # nothing typed is lost
    with pytest.raises(Exception, match="Only a qualification makes an SQL"):
        move_lead(lead, stage="sql", reason="As before", by=world.rita, now=NOW + 2 * DAY)


def test_a_closing_can_be_taken_back(world: World, lead: Lead) -> None:
    archive = close(lead, world, Ending("Over", Carried("share", 10)))
    reopen_cycle(archive, by=world.rita, now=NOW + DAY)
    lead.refresh_from_db()
    standing = (lead.cycle, lead.cycle_began_at, lead.stage, lead.score)
    assert standing == (1, None, "mql", 50)
    assert not ClosedCycle.objects.exists()
    assert set(StageMove.objects.values_list("cycle", flat=True)) == {1}


def test_what_has_gone_on_is_not_taken_back(world: World, lead: Lead) -> None:
    archive = close(lead, world)
    enter_stage([lead.pk], stage="nurturing", reason="Later", now=NOW + DAY)
    with pytest.raises(CycleMovedOn, match="has gone on since; cycle 1 stays closed"):
        reopen_cycle(archive, by=world.rita, now=NOW + 2 * DAY)
    assert Lead.objects.get(pk=lead.pk).cycle == 2


def test_many_are_closed_in_few_statements(
    world: World, lead: Lead, django_assert_max_num_queries: Any
) -> None:
    others = [a_lead() for _number in range(20)]
    rescore_leads([each.pk for each in others], now=NOW)
    ids = [lead.pk, *(each.pk for each in others)]
    with django_assert_max_num_queries(85):
        assert len(close_cycles(ids, BECAUSE, by=world.ada, now=NOW)) == 21


def test_a_merge_moves_archives_and_the_later_cycle_goes_on(world: World, lead: Lead) -> None:
    close(lead, world, Ending("Over", Carried("points", 7)))
    kept = a_lead(country="India", created_at=NOW - 10 * DAY)
    close_cycles([kept.pk], BECAUSE, by=world.ada, now=NOW + DAY)
    close(lead, world, Ending("Over", Carried("points", 9)), now=NOW + 2 * DAY)
    merge_leads(kept.pk, lead.pk, choices={}, by=world.ada, now=timezone.now())
    drain()
    kept.refresh_from_db()
    assert ClosedCycle.objects.filter(lead=kept).count() == 3
    assert (kept.cycle, kept.cycle_began_at, kept.score) == (3, NOW + 2 * DAY, 9)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_one_closes_the_cycle(world: World) -> None:
    lead, by, workspace = a_lead(), world.ada, world.acme.pk

    def try_it(number: int) -> str:
        try:
            with inside(workspace):
                moment = NOW + timedelta(seconds=number)
                close_cycle(lead, Ending(f"Try {number}"), number=1, by=by, now=moment)
        except CycleMovedOn:
            return "told"
        finally:
            connection.close()
        return "closed"

    with ThreadPoolExecutor(4) as people:
        answers = sorted(people.map(try_it, range(8)))
    assert answers == ["closed", *["told"] * 7]
    assert list(ClosedCycle.objects.values_list("number", flat=True)) == [1]
    assert Lead.objects.get().cycle == 2
