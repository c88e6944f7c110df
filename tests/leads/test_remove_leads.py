"""Leads are taken out with everything that hangs on them, and come back as they were."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadmgmt.kernel.context import current_workspace_id, inside
from leadmgmt.kernel.sql import fetch
from leads.actions.removing import PutBack, put_back, take_out
from leads.actions.resolving import resolve_leads
from leads.actions.standing import place_leads
from leads.hanging import hanging_tables, loose_references, references_from
from leads.jobs import discard_removed
from leads.models import (
    Activity,
    Company,
    Identity,
    Lead,
    LeadTag,
    RemovedCause,
    RemovedLead,
    Tag,
    Visitor,
)
from leads.rows import NewLead
from tests.architecture.rows import Rows
from tests.builders import a_company, a_lead, a_visitor, an_activity
from tests.clients import drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Iterator[None]:
    with inside(world.acme.id):
        yield


@pytest.fixture
def ann() -> Lead:
    (found,) = resolve_leads([NewLead(email="ann@firm.example")], now=NOW)
    lead: Lead = Lead.objects.get(id=found.lead_id)
    return lead


def out(*leads: Lead, cause_id: UUID | None = None) -> tuple[UUID, ...]:
    ids = [lead.pk for lead in leads]
    return take_out(ids, cause=RemovedCause.BULK, cause_id=cause_id, by=None, now=NOW)


def back(*leads: Lead) -> PutBack:
    return put_back([lead.pk for lead in leads], by=None, now=NOW)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the tables a removal touches."""
    tables = {each.table for each in hanging_tables()} | {way.table for way in loose_references()}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} AS t ORDER BY to_jsonb(t)::text")
            found[table] = [json.loads(row[0]) for row in cursor.fetchall()]
    return found


def test_whatever_table_hangs_on_a_lead_goes_and_comes_back_with_it() -> None:
    rows, here = Rows(), current_workspace_id()
    lead_id = rows.one("leads_lead")["id"]
    for each in hanging_tables()[1:]:
        named = dict.fromkeys(each.leads[:1], lead_id)
        rows.made[here, each.table] = rows.another(each.table, **named)
    for way in loose_references():
        rows.another(way.table, **{way.column: lead_id})
    before = everything()
    stranger = a_lead()
    with_stranger = everything()

    take_out([lead_id], cause=RemovedCause.PERSON, by=None, now=NOW)

    left = everything()
    for each in hanging_tables()[1:]:
        assert left[each.table] == [], each.table
    assert [row["id"] for row in left["leads_lead"]] != [str(lead_id)]
    for way in loose_references():
        assert [row[way.column] for row in left[way.table]] == [None] * len(before[way.table])

    assert put_back([lead_id], by=None, now=NOW).restored == (lead_id,)

    assert everything() == with_stranger
    assert Lead.objects.filter(pk=stranger.pk).exists()
    assert not RemovedLead.objects.exists()


@pytest.mark.parametrize("root", [Lead, Company])
def test_a_table_that_hangs_on_leads_can_be_asked_for_a_lead_quickly(
    root: type[Lead | Company],
) -> None:
    """References are checked row by row, so each needs an index that knows no condition."""
    tables = hanging_tables(root)
    ways = [(each.table, column) for each in tables[1:] for column in each.leads]
    ways += [(each.table, each.parent.column) for each in tables if each.parent]
    hanging = {each.table for each in tables}
    ways += [
        (way.table, way.column)
        for each in tables
        for way, _may_be_empty in references_from(each.model)
        if way.target in hanging
    ]
    ways += [(way.table, way.column) for way in loose_references(root)]
    slow = {(table, column) for table, column in ways if not _has_index(table, column)}
    assert not slow, "add an index on (workspace, column)"


@pytest.mark.parametrize("root", [Lead, Company])
def test_no_table_both_goes_and_forgets(root: type[Lead | Company]) -> None:
    going = {each.table for each in hanging_tables(root)}
    assert going.isdisjoint(way.table for way in loose_references(root))


def test_a_removed_lead_is_told_of_and_its_identity_is_free(ann: Lead) -> None:
    cause = uuid4()

    assert out(ann, cause_id=cause) == (ann.pk,)

    parcel = RemovedLead.objects.get()
    assert (parcel.label, parcel.cause, parcel.cause_id) == ("ann@firm.example", "bulk", cause)
    assert parcel.expires_at == NOW + timedelta(days=30)
    assert not Identity.objects.filter(value="ann@firm.example").exists()


def test_removing_twice_takes_nobody(ann: Lead) -> None:
    out(ann)
    assert out(ann) == ()


def test_a_lead_nobody_knows_is_not_taken() -> None:
    assert take_out([uuid4()], cause=RemovedCause.PERSON, by=None, now=NOW) == ()


def test_the_facts_of_others_stay(ann: Lead) -> None:
    other, browser = a_lead(), a_visitor(lead=ann)
    fact = an_activity(other, visitor=browser)

    out(ann)

    assert Activity.objects.get(pk=fact.pk).visitor_id == browser.pk
    assert Visitor.objects.get(pk=browser.pk).lead_id is None


def test_a_browser_that_found_somebody_else_meanwhile_stays_with_them(ann: Lead) -> None:
    browser, other = a_visitor(lead=ann), a_lead()
    out(ann)
    Visitor.objects.filter(pk=browser.pk).update(lead=other)

    back(ann)

    assert Visitor.objects.get(pk=browser.pk).lead_id == other.pk


def test_leads_are_put_back_by_what_took_them_out(ann: Lead) -> None:
    cause, other = uuid4(), a_lead()
    out(ann, cause_id=cause)
    out(other, cause_id=uuid4())

    assert put_back(cause_id=cause, by=None, now=NOW).restored == (ann.pk,)

    assert RemovedLead.objects.get().lead_id == other.pk


def test_an_address_taken_meanwhile_stays_with_the_other(ann: Lead) -> None:
    Lead.objects.filter(pk=ann.pk).update(name="Ann")
    out(ann)
    (new,) = resolve_leads([NewLead(email="ann@firm.example")], now=NOW)

    result = back(ann)

    assert result.restored == (ann.pk,)
    assert result.without == {ann.pk: ("ann@firm.example",)}
    assert Identity.objects.get(value="ann@firm.example").lead_id == new.lead_id
    assert Lead.objects.get(pk=ann.pk).email == ""


def test_who_is_known_by_nothing_else_is_refused(ann: Lead) -> None:
    out(ann)
    resolve_leads([NewLead(email="ann@firm.example")], now=NOW)

    result = back(ann)

    assert result.restored == ()
    assert "ann@firm.example" in result.refused[ann.pk]
    assert RemovedLead.objects.filter(lead_id=ann.pk).exists()


def test_what_is_gone_for_good_is_refused(ann: Lead) -> None:
    out(ann)
    assert discard_removed(now=NOW + timedelta(days=29)) == 0
    assert discard_removed(now=NOW + timedelta(days=30)) == 1

    assert list(back(ann).refused) == [ann.pk]


def test_what_was_deleted_meanwhile_is_forgotten(ann: Lead) -> None:
    tag = Tag.objects.create(name="Fair", key="fair")
    LeadTag.objects.create(lead=ann, tag=tag)
    Lead.objects.filter(pk=ann.pk).update(company=a_company())
    out(ann)
    Company.objects.all().delete()
    Tag.objects.all().delete()

    back(ann)

    assert Lead.objects.get(pk=ann.pk).company_id is None
    assert not LeadTag.objects.exists()


def test_companies_follow_who_goes_and_comes_back(ann: Lead) -> None:
    firm = ann.company_id
    a_lead(company_id=firm)
    place_leads({ann.pk: "sql"}, now=NOW)

    out(ann)
    assert Company.objects.get(pk=firm).stage == "lead"

    back(ann)
    assert Company.objects.get(pk=firm).stage == "sql"


def test_what_follows_a_removal_and_its_undoing_finds_nothing_amiss(ann: Lead) -> None:
    drain()
    out(ann)
    drain()
    back(ann)
    assert drain() > 0
    assert Lead.objects.get(pk=ann.pk).stage == "lead"


def test_a_removed_lead_is_found_by_search_only_when_it_is_back(ann: Lead) -> None:
    out(ann)
    assert fetch("SELECT platform_find_leads('ann@firm', 9)") == []
    back(ann)
    assert fetch("SELECT platform_find_leads('ann@firm', 9)") == [(ann.pk,)]


def test_many_leads_cost_a_few_statements() -> None:
    leads = [a_lead() for _ in range(20)]
    for lead in leads:
        an_activity(lead)
    with CaptureQueriesContext(connection) as captured:
        out(*leads)
    assert len(captured) <= 6
    with CaptureQueriesContext(connection) as captured:
        back(*leads)
    assert len(captured) <= 12


def _has_index(table: str, column: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_index WHERE indrelid = %s::regclass AND indpred IS NULL"
            " AND pg_get_indexdef(indexrelid, 1, true) = 'workspace_id'"
            " AND pg_get_indexdef(indexrelid, 2, true) = %s",
            [table, column],
        )
        return bool(cursor.fetchone()[0])
