"""Who is erased is named nowhere else: not in what others were told, not in others' parcels."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from funnel.actions.handing import hand_over
from leadmgmt.kernel.context import current_workspace_id, inside
from leadmgmt.workspaces.models import Notice
from leads.actions.bulk import start_bulk
from leads.actions.erasing import erase_leads
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.merging_companies import merge_companies, undo_company_merge
from leads.actions.removing import put_back, take_out
from leads.actions.removing_companies import put_back_companies, take_out_companies
from leads.bulk.verb import verb_called
from leads.models import (
    BulkAction,
    BulkChoice,
    Company,
    CompanyMerge,
    Lead,
    RemovedCause,
    RemovedCompany,
)
from tests.builders import a_company, a_lead
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Iterator[None]:
    with inside(world.acme.id):
        yield


@pytest.fixture
def ann() -> Lead:
    return a_lead(name="Ann Sample", email="ann@firm.example")


def erase(*leads: Lead) -> None:
    erase_leads([each.pk for each in leads], reason="asked us", by=None, now=NOW)


def said_in(*tables: str) -> str:
    """All rows of these tables, as text."""
    found: list[Any] = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE workspace_id = %s",
                [current_workspace_id()],
            )
            found += [text for (text,) in cursor.fetchall()]
    return "\n".join(found)


def test_a_colleague_is_not_told_any_more_who_was_handed_to_them(ann: Lead, world: World) -> None:
    bo = a_lead(name="Bo")
    for lead in (ann, bo):
        hand_over(lead, to=world.rob, by=world.max, now=NOW)
    erase(ann)
    assert [each.text for each in Notice.objects.all()] == ["Max hands you Bo."]


def test_a_merge_of_companies_forgets_who_moved(ann: Lead) -> None:
    nord, north = a_company(name="Nord"), a_company(name="North")
    Lead.objects.filter(pk=ann.pk).update(company=north)
    bo = a_lead(name="Bo", company=north)
    done = merge_companies(nord.pk, north.pk, choices={}, by=None, now=NOW)
    erase(ann)
    assert str(ann.pk) not in said_in("leads_companymerge", "leads_removedcompany")
    assert CompanyMerge.objects.get().moved["leads.Lead"] == [str(bo.pk)]
    undo_company_merge(done.pk, by=None, now=NOW)
    assert list(Company.objects.get(pk=north.pk).people.all()) == [bo]


def test_a_removed_company_forgets_who_worked_there(ann: Lead) -> None:
    nord = a_company(name="Nord")
    Lead.objects.filter(pk=ann.pk).update(company=nord)
    bo = a_lead(name="Bo", company=nord)
    take_out_companies([nord.pk], cause=RemovedCause.PERSON, by=None, now=NOW)
    erase(ann)
    assert str(ann.pk) not in said_in("leads_removedcompany")
    put_back_companies([nord.pk], by=None, now=NOW)
    assert list(nord.people.all()) == [bo]
    assert not RemovedCompany.objects.exists()


def test_a_bulk_action_forgets_that_they_were_chosen(ann: Lead, world: World) -> None:
    bo = a_lead(name="Bo")
    verb = verb_called("tag", "lead")
    assert verb
    chosen = {"ids": sorted([str(ann.pk), str(bo.pk)])}
    start_bulk(verb, parameters={"tag": "x"}, selection=chosen, by=world.ada, now=NOW)
    erase(ann)
    assert BulkAction.objects.get().selection == {"ids": [str(bo.pk)]}
    assert BulkChoice.objects.get().ids == [bo.pk]


def test_the_parcel_of_who_was_once_merged_with_them_forgets_the_name(ann: Lead) -> None:
    bo = a_lead(name="Bo")
    done = merge_leads(bo.pk, ann.pk, choices={}, by=None, now=NOW)
    undo_merge(done.pk, by=None, now=NOW)
    take_out([bo.pk], cause=RemovedCause.PERSON, by=None, now=NOW)
    erase(ann)
    assert "Ann Sample" not in said_in("leads_removedlead")
    assert put_back([bo.pk], by=None, now=NOW).restored == (bo.pk,)
    left = said_in("leads_lead", "leads_activity", "leads_merge", "leads_profilechange")
    assert "Ann Sample" not in left
    assert "ann@firm.example" not in left
