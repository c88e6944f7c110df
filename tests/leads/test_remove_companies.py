"""Companies are taken out with all that hangs on them; their people stay, and remember them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from funnel.models import Customer
from leadmgmt.kernel.context import current_workspace_id, inside
from leads.actions.bulk import start_bulk, undo_bulk
from leads.actions.files import add_file, discard_files
from leads.actions.removing_companies import CompaniesBack, put_back_companies, take_out_companies
from leads.actions.standing import place_leads
from leads.bulk import verb_called
from leads.hanging import hanging_tables, loose_references
from leads.jobs import discard_removed
from leads.models import Company, Lead, ProfileChange, RemovedCause, RemovedCompany, Subject
from tests.architecture.rows import Rows
from tests.builders import a_company, a_deal, a_key, a_lead
from tests.clients import api_of, client_of, drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_acme(world: World) -> None:
    """Everything happens in acme."""


@pytest.fixture
def firm() -> Company:
    """A company with two people."""
    made = a_company(name="Nord", domain="nord.example")
    for name in ("Ann", "Bob"):
        a_lead(name=name, company=made)
    return made


def out(*firms: Company) -> tuple[UUID, ...]:
    ids = [each.pk for each in firms]
    return take_out_companies(ids, cause=RemovedCause.PERSON, by=None, now=NOW)


def back(*firms: Company) -> CompaniesBack:
    return put_back_companies([each.pk for each in firms], by=None, now=NOW)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of the tables a removal touches."""
    tables = {each.table for each in hanging_tables(Company)}
    tables |= {way.table for way in loose_references(Company)}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} AS t ORDER BY to_jsonb(t)::text")
            found[table] = [json.loads(row[0]) for row in cursor.fetchall()]
    return found


def test_whatever_table_hangs_on_a_company_goes_and_comes_back_with_it() -> None:
    rows, here = Rows(), current_workspace_id()
    firm_id = rows.one("leads_company")["id"]
    for each in hanging_tables(Company)[1:]:
        named = dict.fromkeys(each.leads[:1], firm_id)
        rows.made[here, each.table] = rows.another(each.table, **named)
    for way in loose_references(Company):
        rows.another(way.table, **{way.column: firm_id})
    for model in (Company, Lead):  # as whoever has a customer's row is
        model.objects.update(stage="customer")
    before = everything()

    assert take_out_companies([firm_id], cause=RemovedCause.PERSON, by=None, now=NOW) == (firm_id,)

    left = everything()
    for each in hanging_tables(Company):
        assert left[each.table] == [], each.table
    for way in loose_references(Company):
        assert len(left[way.table]) == len(before[way.table])
        assert {row[way.column] for row in left[way.table]} == {None}
    assert put_back_companies([firm_id], by=None, now=NOW).restored == (firm_id,)
    assert everything() == before
    assert not RemovedCompany.objects.exists()


def test_people_stay_and_come_back_with_a_history(firm: Company) -> None:
    out(firm)
    assert not Company.objects.exists()
    assert list(Lead.objects.order_by("name").values_list("name", "company")) == [
        ("Ann", None),
        ("Bob", None),
    ]
    back(firm)
    assert Lead.objects.filter(company=firm).count() == 2
    kept = ProfileChange.objects.filter(lead__name="Ann").order_by("id")
    assert [(each.field, each.old, each.new) for each in kept] == [
        ("company_id", str(firm.pk), None),
        ("company_id", None, str(firm.pk)),
    ]


def test_who_works_elsewhere_by_then_stays_there(firm: Company) -> None:
    out(firm)
    other = a_company(name="Other")
    Lead.objects.filter(name="Bob").update(company=other)
    back(firm)
    assert set(firm.people.values_list("name", flat=True)) == {"Ann"}


def test_a_domain_that_was_taken_meanwhile_stays_where_it_is(firm: Company) -> None:
    out(firm)
    a_company(name="Nord again", domain="nord.example")
    assert back(firm).without == {firm.pk: "Nord again"}
    firm.refresh_from_db()
    assert firm.domain is None


def test_what_is_not_removed_is_not_put_back(firm: Company) -> None:
    assert back(firm).restored == ()
    out(firm)
    assert back(firm, firm).restored == (firm.pk,)


def test_a_customer_goes_on_in_its_people_and_comes_back(firm: Company) -> None:
    ann = Lead.objects.get(name="Ann")
    a_deal(ann, status="won", closed_at=NOW)
    place_leads({ann.pk: "customer"}, now=NOW)
    drain()
    before = Customer.objects.get()
    assert before.company_id == firm.pk
    out(firm)
    drain()
    alone = Customer.objects.get()
    assert (alone.company_id, alone.lead_id, alone.revenue) == (None, ann.pk, before.revenue)
    back(firm)
    drain()
    present = Customer.objects.get(ended_at=None)
    assert (present.pk, present.company_id) == (before.pk, firm.pk)
    assert present.revenue == before.revenue


def test_a_removed_company_goes_for_good_after_thirty_days(firm: Company) -> None:
    out(firm)
    assert discard_removed(now=NOW + timedelta(days=29)) == 0
    assert discard_removed(now=NOW + timedelta(days=31)) == 1
    assert not RemovedCompany.objects.exists()


def test_files_of_a_removed_company_are_not_thrown_away(
    firm: Company, world: World, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    add_file(firm, name="offer.txt", content=ContentFile(b"x"), by=world.rita, now=NOW)
    out(firm)
    discard_files(now=datetime.now(UTC) + timedelta(days=5))
    assert [each for each in tmp_path.rglob("*") if each.is_file()]


def test_many_are_removed_at_once_and_come_back(firm: Company, world: World) -> None:
    a_company(name="South", domain="south.example")
    verb = verb_called("remove", Subject.COMPANY)
    assert verb is not None
    bulk = start_bulk(
        verb, parameters={}, selection={"query": {}}, by=world.mara, now=datetime.now(UTC)
    )
    drain()
    bulk.refresh_from_db()
    assert (bulk.changed, Company.objects.count()) == (2, 0)
    undo_bulk(bulk.pk, now=datetime.now(UTC))
    drain()
    assert Company.objects.count() == 2
    assert firm.people.count() == 2


def test_by_hand_with_undo(firm: Company, world: World) -> None:
    mara_at = client_of(world.mara)
    one = f"/w/acme/companies/{firm.pk}/"
    assert "Remove company" in mara_at.get(one).content.decode()
    page = mara_at.post(f"{one}remove/", follow=True).content.decode()
    assert "“Nord” is removed, its people stay." in page
    assert mara_at.get(one).status_code == 404
    assert "Nord" in mara_at.get("/w/acme/companies/removed/").content.decode()
    page = mara_at.post(f"{one}restore/", follow=True).content.decode()
    assert "Restored, with its people" in page
    assert firm.people.count() == 2


def test_who_may_not_remove_leads_may_not_remove_companies(firm: Company, world: World) -> None:
    rita_at = client_of(world.rita)
    one = f"/w/acme/companies/{firm.pk}/"
    assert "Remove company" not in rita_at.get(one).content.decode()
    assert rita_at.post(f"{one}remove/").status_code == 403
    assert rita_at.get("/w/acme/companies/removed/").status_code == 403


def test_over_the_api(firm: Company, world: World) -> None:
    api = api_of(a_key(world.ada))
    one = f"/api/v1/companies/{firm.pk}/"
    assert api.post(f"{one}restore/", {}).status_code == 404
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404
    assert api.delete(one).status_code == 404
    assert api.post(f"{one}restore/", {}).json()["name"] == "Nord"
    assert api.delete(f"/api/v1/companies/{uuid4()}/").status_code == 404


def test_companies_of_others_stay(world: World) -> None:
    with inside(world.globex.pk):
        theirs = a_company()
    assert take_out_companies([theirs.pk], cause=RemovedCause.BULK, by=None, now=NOW) == ()
    with inside(world.globex.pk):
        assert Company.objects.filter(pk=theirs.pk).exists()
