"""Nothing that comes back is given to an owner who has left the workspace meanwhile."""

from datetime import UTC, datetime
from typing import Any

import pytest

from leadmgmt.workspaces.actions.members import remove_member
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.merging_companies import merge_companies, undo_company_merge
from leads.actions.removing import put_back, take_out
from leads.actions.removing_companies import put_back_companies, take_out_companies
from leads.models import Activity, Company, CompanyChange, Lead, RemovedCause
from tests.builders import a_company, a_lead
from tests.clients import drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEAVING = pytest.mark.parametrize("leaves", [True, False])


@pytest.fixture
def leads(world: World) -> tuple[Lead, Lead]:
    """Rob's and Rita's."""
    return a_lead(name="Ann", owner=world.rob), a_lead(name="Anna", owner=world.rita)


@pytest.fixture
def firms(world: World) -> tuple[Company, Company]:
    """Rob's and Rita's."""
    made = a_company(name="Nord"), a_company(name="North")
    for firm, owner in zip(made, (world.rob, world.rita), strict=True):
        Company.objects.filter(pk=firm.pk).update(owner=owner)
    return made


def leave(world: World, leaves: bool) -> None:
    if leaves:
        for each in (world.rob, world.rita):
            remove_member(each, by=world.ada, now=NOW)


def owners(rows: tuple[Any, Any]) -> list[Any]:
    drain()
    for row in rows:
        row.refresh_from_db()
    return [row.owner and row.owner.name for row in rows]


@LEAVING
def test_an_undone_merge_of_leads(leads: tuple[Lead, Lead], world: World, leaves: bool) -> None:
    kept, gone = leads
    done = merge_leads(kept.pk, gone.pk, choices={"owner": "gone"}, by=None, now=NOW)
    leave(world, leaves)
    undo_merge(done.pk, by=world.ada, now=NOW)
    assert owners(leads) == ([None, None] if leaves else ["Rob", "Rita"])
    told = Activity.objects.filter(lead_id=gone.pk, kind="assigned", properties={"owner": ""})
    assert told.count() == (1 if leaves else 0)


@LEAVING
def test_leads_put_back(leads: tuple[Lead, Lead], world: World, leaves: bool) -> None:
    ids = [each.pk for each in leads]
    take_out(ids, cause=RemovedCause.PERSON, by=None, now=NOW)
    leave(world, leaves)
    put_back(ids, by=world.ada, now=NOW)
    assert owners(leads) == ([None, None] if leaves else ["Rob", "Rita"])


@LEAVING
def test_an_undone_merge_of_companies(
    firms: tuple[Company, Company], world: World, leaves: bool
) -> None:
    kept, gone = firms
    done = merge_companies(kept.pk, gone.pk, choices={"owner": "gone"}, by=None, now=NOW)
    leave(world, leaves)
    undo_company_merge(done.pk, by=world.ada, now=NOW)
    assert owners(firms) == ([None, None] if leaves else ["Rob", "Rita"])
    told = CompanyChange.objects.filter(company=gone, field="owner")
    assert [each.old for each in told] == ([str(world.rita.pk)] if leaves else [])


@LEAVING
def test_companies_put_back(firms: tuple[Company, Company], world: World, leaves: bool) -> None:
    ids = [each.pk for each in firms]
    take_out_companies(ids, cause=RemovedCause.PERSON, by=None, now=NOW)
    leave(world, leaves)
    put_back_companies(ids, by=world.ada, now=NOW)
    assert owners(firms) == ([None, None] if leaves else ["Rob", "Rita"])


def test_who_kept_a_lead_after_leaving_keeps_it(leads: tuple[Lead, Lead], world: World) -> None:
    kept, gone = leads
    done = merge_leads(kept.pk, gone.pk, choices={}, by=None, now=NOW)
    remove_member(world.rob, by=world.ada, now=NOW)
    undo_merge(done.pk, by=world.ada, now=NOW)
    assert owners(leads) == ["Rob", "Rita"]
