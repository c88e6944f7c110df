"""The score makes an MQL."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from funnel.actions.coming_back import bring_back
from funnel.actions.definitions import propose_change, publish_definition, start_funnel
from funnel.actions.promoting import promote_qualified
from funnel.actions.stages import enter_stage
from funnel.models import Definition, StageMove
from leadmgmt.kernel.events import publish
from leadmgmt.workspaces.models import Member
from leads.actions.resolving import resolve_leads
from leads.actions.standing import assign_leads
from leads.models import Lead
from leads.rows import NewLead
from scoring.events import LeadsScored
from tests.builders import a_lead, agree_on
from tests.clients import drain

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def funnel(world: object) -> None:
    """Acme has the standard definitions: an MQL has at least 50 points."""
    start_funnel(now=NOW)


def promote(*leads: Lead, now: datetime = NOW) -> set[object]:
    return set(promote_qualified([lead.pk for lead in leads], now=now))


def test_who_meets_the_definition_becomes_an_mql_and_the_rest_stays() -> None:
    ready, short, unscored = a_lead(score=50), a_lead(score=49), a_lead()
    assert promote(ready, short, unscored) == {ready.pk}
    assert promote(ready, short, unscored) == set()


def test_the_move_is_stamped_with_the_version_that_caused_it(max: Member, mara: Member) -> None:
    draft = propose_change(
        stage="mql",
        explanation="Stricter",
        reason="Too many calls",
        condition={"field": "score", "is_at_least": 70},
        by=max,
    )
    agree_on(draft, marketing=mara, sales=max)
    publish_definition(draft, by=max, now=NOW)
    lead = a_lead(score=75)
    assert promote(lead, a_lead(score=60)) == {lead.pk}
    move = StageMove.objects.get(lead=lead)
    assert (move.definition, move.definition.version) == (draft, 2)
    assert "70" in move.reason


def test_a_definition_may_ask_for_who_works_the_lead(max: Member, mara: Member) -> None:
    draft = propose_change(
        stage="mql",
        explanation="What Mara works",
        reason="Try out",
        condition={"field": "owner", "is": str(mara.pk)},
        by=max,
    )
    agree_on(draft, marketing=mara, sales=max)
    publish_definition(draft, by=max, now=NOW)
    given, other = a_lead(), a_lead()
    assign_leads([given.pk], owner=mara, by=max, now=NOW)
    assign_leads([other.pk], owner=max, by=max, now=NOW)
    drain()
    assert list(Lead.objects.filter(stage="mql")) == [given]


@pytest.mark.parametrize("stage", ["mql", "sql", "customer", "disqualified"])
def test_only_leads_and_nurtured_ones_are_promoted(stage: str) -> None:
    assert promote(a_lead(score=90, stage=stage)) == set()


def test_who_named_a_day_is_left_alone_until_then() -> None:
    agreed, drifting = a_lead(score=90), a_lead(score=90)
    day = date(2026, 4, 1)
    enter_stage([agreed.pk], stage="nurturing", reason="x", now=NOW, return_on=day, is_agreed=True)
    enter_stage([drifting.pk], stage="nurturing", reason="x", now=NOW)
    assert promote(agreed, drifting) == {drifting.pk}


def test_whom_a_colleague_sent_back_cools_off(max: Member) -> None:
    lead = a_lead(score=90, stage="mql")
    enter_stage([lead.pk], stage="lead", reason="A student", by=max, now=NOW)
    assert promote(lead, now=NOW + timedelta(days=29)) == set()
    assert promote(lead, now=NOW + timedelta(days=31)) == {lead.pk}


def test_whose_day_has_come_is_back_in_the_queue() -> None:
    known, fresh = a_lead(stage="mql", highest_stage="mql"), a_lead()
    day = date(2026, 4, 1)
    enter_stage([known.pk, fresh.pk], stage="nurturing", reason="x", now=NOW, return_on=day)
    assert bring_back(now=NOW + timedelta(days=29)) == 0
    assert bring_back(now=NOW + timedelta(days=30)) == 2
    known.refresh_from_db()
    fresh.refresh_from_db()
    assert (known.stage, fresh.stage) == ("mql", "lead")
    assert bring_back(now=NOW + timedelta(days=31)) == 0


@pytest.mark.parametrize(("is_quiet", "stage"), [(False, "mql"), (True, "lead")])
def test_a_quiet_computation_promotes_nobody(is_quiet: bool, stage: str) -> None:
    lead = a_lead(score=90)
    with transaction.atomic():
        publish(LeadsScored((lead.pk,), is_quiet=is_quiet))
    drain()
    lead.refresh_from_db()
    assert lead.stage == stage


def test_a_definition_may_ask_for_more_than_the_score(max: Member, mara: Member) -> None:
    draft = propose_change(
        stage="mql",
        explanation="Greeks",
        reason="They buy",
        condition={"field": "country", "is": "Greece"},
        by=max,
    )
    agree_on(draft, marketing=mara, sales=max)
    publish_definition(draft, by=max, now=NOW)
    given = [NewLead(email="eva@example.org")]
    (found,) = resolve_leads(given, now=NOW)
    resolve_leads([NewLead(email="eva@example.org", country="Greece")], now=NOW)
    drain()
    assert Lead.objects.get(pk=found.lead_id).stage == "mql"


def test_starting_twice_defines_once() -> None:
    start_funnel(now=NOW)
    assert Definition.objects.published().count() == 6
