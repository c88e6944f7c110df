"""Moving leads between stages, and what follows."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from funnel.actions.holding import CannotWorkLead
from funnel.actions.leaving import CannotMoveLead
from funnel.actions.stages import enter_stage, move_lead
from funnel.events import StagesEntered
from funnel.models import Definition, NurturingReturn, StageMove
from leadmgmt.kernel import events
from leadmgmt.workspaces.models import Member
from leads.models import Activity, Lead, Stage
from tests.builders import a_company, a_deal, a_lead

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[StagesEntered]:
    """Every StagesEntered that was announced."""
    said: list[StagesEntered] = []
    monkeypatch.setattr(events, "_table", {StagesEntered: [events.now(said.append)]})
    return said


def enter(*leads: Lead, stage: str, **rest: object) -> tuple[UUID, ...]:
    ids = [lead.pk for lead in leads]
    return enter_stage(ids, stage=stage, reason="Because", now=NOW, **rest)  # type: ignore[arg-type]


def test_a_batch_moves_at_once_and_is_announced_once(heard: list[StagesEntered]) -> None:
    here, there = a_lead(stage="mql"), a_lead()
    assert enter(here, there, stage="mql") == (there.pk,)
    assert heard == [StagesEntered((there.pk,), stage="mql")]


def test_a_move_is_recorded_whole(rita: Member) -> None:
    lead = a_lead(stage="mql", cycle=2)
    enter(lead, stage="sql", by=rita)
    move = StageMove.objects.get(lead=lead)
    assert (move.from_stage, move.to_stage, move.cycle) == ("mql", "sql", 2)
    assert (move.moved_at, move.by, move.reason) == (NOW, rita, "Because")
    fact = Activity.objects.get(lead=lead, kind="stage_entered")
    assert (fact.properties["from"], fact.properties["to"]) == ("mql", "sql")


def test_the_highest_stage_stays_beside_the_current_one() -> None:
    lead = a_lead()
    enter(lead, stage="sql")
    enter(lead, stage="nurturing")
    lead.refresh_from_db()
    assert (lead.stage, lead.highest_stage, lead.stage_entered_at) == ("nurturing", "sql", NOW)


@pytest.mark.parametrize(
    ("people", "stage"),
    [
        (["lead", "mql"], "mql"),
        (["sql", "mql", "nurturing"], "sql"),
        (["customer", "disqualified"], "customer"),
        (["nurturing", "lead"], "lead"),
        (["nurturing", "disqualified"], "nurturing"),
        (["disqualified", "disqualified"], "disqualified"),
    ],
)
def test_a_company_stands_where_its_furthest_live_person_stands(
    people: list[str], stage: str
) -> None:
    company = a_company()
    leads = [a_lead(company=company) for _ in people]
    for lead, entered in zip(leads, people, strict=True):
        enter(lead, stage=entered)
    company.refresh_from_db()
    assert company.stage == stage


def test_who_enters_nurturing_has_a_day_to_come_back() -> None:
    agreed, left_open = a_lead(), a_lead()
    enter(agreed, stage="nurturing", return_on=date(2026, 5, 1), is_agreed=True)
    enter(left_open, stage="nurturing")
    returns = {each.lead_id: each for each in NurturingReturn.objects.all()}
    # midnight in Athens, where acme is
    assert returns[agreed.pk].due_at == datetime(2026, 4, 30, 21, tzinfo=UTC)
    assert returns[left_open.pk].due_at == NOW + timedelta(days=90)


def test_who_leaves_nurturing_is_not_brought_back() -> None:
    lead = a_lead()
    enter(lead, stage="nurturing")
    enter(lead, stage="mql")
    assert not NurturingReturn.objects.filter(ended_at=None).exists()


def test_a_manager_moves_a_lead_by_hand_with_a_reason(max: Member) -> None:
    lead = a_lead()
    with pytest.raises(CannotMoveLead, match="Say why"):
        move_lead(lead, stage="mql", reason=" ", by=max, now=NOW)
    move_lead(lead, stage="mql", reason="Called us", by=max, now=NOW)
    assert StageMove.objects.get(lead=lead).reason == "Called us"


def test_a_rep_moves_only_leads_of_their_own(rita: Member, rob: Member) -> None:
    lead = a_lead(stage="mql", owner=rob)
    with pytest.raises(CannotWorkLead, match="Rob has"):
        move_lead(lead, stage="nurturing", reason="No", by=rita, now=NOW)
    move_lead(lead, stage="nurturing", reason="No", by=rob, now=NOW)


def test_only_a_qualification_makes_an_sql_unless_the_definition_waives_it(max: Member) -> None:
    lead = a_lead(stage="mql")
    with pytest.raises(CannotMoveLead, match="Only a qualification"):
        move_lead(lead, stage="sql", reason="Wants it", by=max, now=NOW)
    Definition.objects.create(
        stage=Stage.SQL, version=1, state="published", needs_qualification=False
    )
    move_lead(lead, stage="sql", reason="Wants it", by=max, now=NOW)


def test_only_a_won_deal_makes_a_customer(max: Member) -> None:
    lead = a_lead(stage="sql")
    with pytest.raises(CannotMoveLead, match="bought nothing"):
        move_lead(lead, stage="customer", reason="Nice", by=max, now=NOW)
    a_deal(lead, status="won", closed_at=NOW)
    move_lead(lead, stage="customer", reason="Was a mistake", by=max, now=NOW)
