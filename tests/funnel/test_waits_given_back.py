"""A lead that waits for the routing waits again when what was done to it in bulk is undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from funnel.models import Wait
from funnel.routing.drafting import RuleWords
from funnel.routing.giving import route_leads, route_waiting
from leadmgmt.workspaces.actions.working_times import end_absence, note_absence
from leadmgmt.workspaces.availability import workspace_zone
from leadmgmt.workspaces.models import Absence
from leads.actions.bulk import start_bulk, undo_bulk
from leads.actions.standing import assign_leads
from leads.bulk import verb_called
from leads.models import BulkAction, Lead
from tests.builders import a_lead, a_plan, a_team
from tests.clients import drain
from tests.worlds import World

TODAY = timezone.now().date()
FIRST, LAST = TODAY - timedelta(days=2), TODAY + timedelta(days=300)


@pytest.fixture
def absent(world: World) -> Absence:
    """Rita, for whom all new MQLs are."""
    now = timezone.now()
    away = note_absence(world.rita, from_on=FIRST, until_on=LAST, word="", by=None)
    a_plan(RuleWords("Everybody", team=a_team("South", world.rita)), now=now)
    return away


@pytest.fixture
def waiting(absent: Absence) -> Lead:
    lead = a_lead(stage="mql")
    route_leads([lead.pk], now=timezone.now())
    assert Wait.objects.get().lead_id == lead.pk
    return lead


@pytest.fixture(params=["assign", "stage"])
def done(request: pytest.FixtureRequest, world: World, waiting: Lead) -> BulkAction:
    """The lead is taken out of the routing's hands, which forgets that it waited."""
    told = {
        "assign": {"owner": str(world.rob.pk)},
        "stage": {"stage": "nurturing", "reason": "Later"},
    }
    verb, now = verb_called(request.param), timezone.now()
    assert verb
    chosen = {"ids": [str(waiting.pk)]}
    bulk = start_bulk(verb, parameters=told[request.param], selection=chosen, by=world.ada, now=now)
    drain()
    route_waiting(now=timezone.now())
    assert not Wait.objects.exists()
    return bulk


def undo(bulk: BulkAction) -> None:
    undo_bulk(bulk.pk, now=timezone.now())
    drain()
    bulk.refresh_from_db()
    assert bulk.status == "undone"


def test_it_waits_again(done: BulkAction, waiting: Lead) -> None:
    undo(done)
    assert Wait.objects.true().get().lead_id == waiting.pk
    assert done.skipped == 0


def test_it_goes_at_once_to_who_is_back(
    done: BulkAction, waiting: Lead, absent: Absence, world: World
) -> None:
    end_absence(absent, now=timezone.now(), zone=workspace_zone())
    undo(done)
    waiting.refresh_from_db()
    assert waiting.owner == world.rita


def test_who_was_given_on_since_does_not_wait(
    done: BulkAction, waiting: Lead, world: World
) -> None:
    assign_leads([waiting.pk], owner=world.max, by=world.ada, now=timezone.now())
    undo(done)
    waiting.refresh_from_db()
    assert waiting.owner == world.max
    assert not Wait.objects.exists()


def test_who_stood_in_the_pool_stays_there(absent: Absence, world: World) -> None:
    lead, verb = a_lead(stage="mql"), verb_called("assign")
    assert verb
    bulk = start_bulk(
        verb,
        parameters={"owner": str(world.rob.pk)},
        selection={"ids": [str(lead.pk)]},
        by=world.ada,
        now=timezone.now(),
    )
    drain()
    undo(bulk)
    lead.refresh_from_db()
    assert lead.owner is None
    assert not Wait.objects.exists()
