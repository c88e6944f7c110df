"""Two companies that are one firm become one, and two again when that was a mistake."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from funnel.models import ChecklistItem, Customer, Deal
from leads.actions.companies import change_company
from leads.actions.editing import change_lead
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.merging_companies import (
    CannotMergeCompanies,
    CannotUndoCompanyMerge,
    CompanyMergedAlready,
    UndoneCompany,
    merge_companies,
    undo_company_merge,
)
from leads.actions.profiles import Door
from leads.actions.removing import put_back, take_out
from leads.actions.removing_companies import put_back_companies
from leads.actions.resolving import resolve_leads
from leads.actions.restoring import take_back_changes
from leads.actions.standing import place_leads
from leads.actions.tagging import tag_called, tag_companies
from leads.joining import CannotChooseValue
from leads.models import (
    Company,
    CompanyChange,
    CompanyMerge,
    CompanyTag,
    Lead,
    ProfileChange,
    RemovedCause,
    Task,
    Via,
)
from leads.queries.merging import current_company_id
from leads.queries.merging_companies import preview_of_companies
from leads.rows import NewLead
from tests.builders import a_checklist_item, a_company, a_deal, a_key, a_lead, a_task
from tests.clients import api_of, client_of, drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_acme(world: World) -> None:
    """Everything happens in acme."""


@pytest.fixture
def nord() -> Company:
    """With Ann."""
    made = a_company(name="Nord GmbH", domain="nord.example", country="Germany")
    a_lead(name="Ann", company=made)
    return made


@pytest.fixture
def north() -> Company:
    """The same firm by another name, with Bob."""
    made = a_company(name="Nord", domain="nord.test", country="", city="Kiel", employees=9)
    a_lead(name="Bob", company=made)
    return made


def merge(kept: Company, gone: Company, now: datetime = NOW, **choices: str) -> CompanyMerge:
    return merge_companies(kept.pk, gone.pk, choices=choices, by=None, now=now)


def undo(done: CompanyMerge, now: datetime = NOW) -> UndoneCompany:
    return undo_company_merge(done.pk, by=None, now=now)


def test_the_kept_company_fills_its_blanks_and_gets_the_people(
    nord: Company, north: Company
) -> None:
    done = merge(nord, north)
    nord.refresh_from_db()
    assert (nord.name, nord.country, nord.city, nord.employees) == (
        *("Nord GmbH", "Germany", "Kiel", 9),
    )
    assert set(nord.people.values_list("name", flat=True)) == {"Ann", "Bob"}
    assert not Company.objects.filter(pk=north.pk).exists()
    assert current_company_id(north.pk) == nord.pk
    kept = CompanyChange.objects.get(company=nord, field="city")
    assert (kept.old, kept.new, kept.via, kept.via_id) == ("", "Kiel", "merge", done.pk)
    went = ProfileChange.objects.get(lead__name="Bob")
    assert (went.field, went.old, went.new) == ("company_id", str(north.pk), str(nord.pk))


def test_a_value_is_taken_from_the_other_by_choice(nord: Company, north: Company) -> None:
    merge(nord, north, name="gone", domain="gone")
    nord.refresh_from_db()
    assert (nord.name, nord.domain) == ("Nord", "nord.test")


@pytest.mark.parametrize("choices", [{"colour": "kept"}, {"name": "both"}])
def test_a_choice_that_is_none_is_refused(
    nord: Company, north: Company, choices: dict[str, str]
) -> None:
    with pytest.raises(CannotChooseValue):
        merge_companies(nord.pk, north.pk, choices=choices, by=None, now=NOW)
    assert Company.objects.count() == 2


def test_who_writes_from_the_other_domain_works_at_the_kept_one(
    nord: Company, north: Company
) -> None:
    done = merge(nord, north)
    (found,) = resolve_leads([NewLead(email="cleo@nord.test")], now=NOW)
    assert Lead.objects.get(pk=found.lead_id).company_id == nord.pk
    undo(done)
    (found,) = resolve_leads([NewLead(email="dan@nord.test")], now=NOW)
    assert Lead.objects.get(pk=found.lead_id).company_id == north.pk


def test_what_hangs_on_it_moves_and_comes_back(nord: Company, north: Company) -> None:
    door = Door(Via.API)
    bob = Lead.objects.get(name="Bob")
    deal, task = a_deal(bob), a_task(company=north)
    tag_companies([nord.pk, north.pk], tag=tag_called("Both"), door=door, now=NOW)
    tag_companies([north.pk], tag=tag_called("One"), door=door, now=NOW)
    done = merge(nord, north)
    assert Deal.objects.get(pk=deal.pk).company_id == nord.pk
    assert Task.objects.get(pk=task.pk).company_id == nord.pk
    assert CompanyTag.objects.filter(company=nord).count() == 2
    undo(done)
    assert Deal.objects.get(pk=deal.pk).company_id == north.pk
    assert Task.objects.get(pk=task.pk).company_id == north.pk
    assert CompanyTag.objects.filter(company=north).count() == 2
    assert CompanyTag.objects.filter(company=nord).count() == 1
    assert list(north.people.all()) == [bob]


def test_of_two_customers_one_goes_on_with_what_hung_on_both(nord: Company, north: Company) -> None:
    for name in ("Ann", "Bob"):
        lead = Lead.objects.get(name=name)
        a_deal(lead, status="won", closed_at=NOW)
        place_leads({lead.pk: "customer"}, now=NOW)
    drain()
    theirs = Customer.objects.get(company=north)
    item = a_checklist_item(theirs)
    done = merge(nord, north)
    drain()
    present = Customer.objects.get(ended_at=None)
    assert (present.company_id, present.deals_won) == (nord.pk, 2)
    assert ChecklistItem.objects.get(pk=item.pk).customer_id == present.pk
    undo(done)
    drain()
    assert ChecklistItem.objects.get(pk=item.pk).customer_id == theirs.pk
    sums = Customer.objects.filter(ended_at=None).values_list("company", "deals_won")
    assert set(sums) == {(nord.pk, 1), (north.pk, 1)}


def test_only_one_a_customer_its_row_goes_along(nord: Company, north: Company) -> None:
    bob = Lead.objects.get(name="Bob")
    place_leads({bob.pk: "customer"}, now=NOW)
    drain()
    row = Customer.objects.get()
    Company.objects.filter(pk=north.pk).update(stage_entered_at=NOW)
    done = merge(nord, north, now=NOW + timedelta(days=3))
    drain()
    nord.refresh_from_db()
    assert nord.stage_entered_at == NOW
    assert (Customer.objects.get().pk, Customer.objects.get().company_id) == (row.pk, nord.pk)
    assert nord.stage == "customer"
    undo(done)
    drain()
    nord.refresh_from_db()
    assert Customer.objects.get(ended_at=None).company_id == north.pk
    assert nord.stage == "lead"


def test_values_changed_since_stay_when_it_is_undone(nord: Company, north: Company) -> None:
    done = merge(nord, north)
    change_company(nord, changes={"city": "Hamburg"}, now=NOW)
    assert undo(done).changed_since == ("city",)
    nord.refresh_from_db()
    north.refresh_from_db()
    assert (nord.city, nord.employees) == ("Hamburg", None)
    assert (north.name, north.city, north.domain) == ("Nord", "Kiel", "nord.test")


def test_a_domain_the_kept_one_took_goes_back(nord: Company, north: Company) -> None:
    undo(merge(nord, north, domain="gone"))
    assert dict(Company.objects.values_list("pk", "domain")) == {
        nord.pk: "nord.example",
        north.pk: "nord.test",
    }


def test_a_merge_is_undone_once_within_thirty_days_the_last_one_first(
    nord: Company, north: Company
) -> None:
    first = merge(nord, north)
    second = merge(nord, a_company(name="Nord AG"), now=NOW + timedelta(minutes=1))
    with pytest.raises(CannotUndoCompanyMerge, match="Nord AG"):
        undo(first)
    undo(second)
    undo(first)
    with pytest.raises(CannotUndoCompanyMerge, match="already"):
        undo(first)
    put_back_companies([north.pk], by=None, now=NOW)
    assert Company.objects.count() == 3


def test_a_chain_of_merges_leads_to_the_last(nord: Company, north: Company) -> None:
    merge(nord, north)
    group = a_company(name="Group")
    merge(group, nord)
    assert current_company_id(north.pk) == group.pk
    assert group.people.count() == 2


def test_nothing_is_merged_with_itself_or_with_what_is_not_there(
    nord: Company, north: Company
) -> None:
    with pytest.raises(CannotMergeCompanies):
        merge(nord, nord)
    merge(nord, north)
    with pytest.raises(CompanyMergedAlready, match="Nord GmbH"):
        merge(nord, north)


def test_what_a_merge_took_out_comes_back_by_undoing_it_only(nord: Company, north: Company) -> None:
    merge(nord, north)
    assert put_back_companies([north.pk], by=None, now=NOW).restored == ()


def test_two_leads_are_two_again_where_their_company_was_merged(
    nord: Company, north: Company
) -> None:
    ann, bob = Lead.objects.get(name="Ann"), Lead.objects.get(name="Bob")
    choices = {"company": "gone"}
    of_leads = merge_leads(ann.pk, bob.pk, choices=choices, by=None, now=NOW)
    merge(north, nord)
    undo_merge(of_leads.pk, by=None, now=NOW)
    ann.refresh_from_db()
    assert ann.company_id == north.pk


def test_who_was_removed_meanwhile_comes_back_to_the_kept_company(
    nord: Company, north: Company
) -> None:
    bob = Lead.objects.get(name="Bob")
    deal = a_deal(bob)
    assert deal.company_id == north.pk
    take_out([bob.pk], cause=RemovedCause.PERSON, by=None, now=NOW)
    merge(nord, north)
    merge(a_company(name="Group"), nord)
    put_back([bob.pk], by=None, now=NOW)
    bob.refresh_from_db()
    deal.refresh_from_db()
    assert bob.company
    assert (bob.company.name, deal.company_id) == ("Group", bob.company_id)


def test_what_an_import_changed_goes_back_to_the_kept_company(
    nord: Company, north: Company
) -> None:
    bob, of = Lead.objects.get(name="Bob"), uuid4()
    door = Door(Via.IMPORT, of)
    change_lead(bob, changes={"company_name": "Elsewhere"}, door=door, now=NOW)
    merge(nord, north)
    take_back_changes([bob.pk], via_id=of, by=None, now=NOW)
    bob.refresh_from_db()
    assert bob.company_id == nord.pk


def test_the_preview_tells_what_would_move(nord: Company, north: Company) -> None:
    a_task(company=north)
    seen = preview_of_companies(nord.pk, north.pk, {})
    assert {each.field: each.taken for each in seen.choices if each.is_open} == {
        "name": "kept",
        "domain": "kept",
    }
    assert ("people", 1) in [(each.label, each.count) for each in seen.moving]
    assert Company.objects.count() == 2


def test_by_hand(nord: Company, north: Company, world: World) -> None:
    rita_at = client_of(world.rita)
    one = f"/w/acme/companies/{nord.pk}/"
    assert "Merge with…" in rita_at.get(one).content.decode()
    assert str(north.pk) in rita_at.get(f"{one}merge/?q=nord").content.decode()
    page = rita_at.get(f"{one}merge/?with={north.pk}").content.decode()
    assert "Merge Nord into Nord GmbH" in page
    done = rita_at.post(f"{one}merge/", {"with": str(north.pk), "take-name": "gone"}, follow=True)
    assert "is one with" in done.content.decode()
    assert Company.objects.get().name == "Nord"
    assert rita_at.get(f"/w/acme/companies/{north.pk}/").headers["Location"].endswith(one)
    made = CompanyMerge.objects.get()
    assert "Undo this merge" in rita_at.get(one).content.decode()
    undone = rita_at.post(f"/w/acme/companies/merges/{made.pk}/undo/", follow=True)
    assert "are two companies again" in undone.content.decode()
    assert Company.objects.count() == 2


def test_who_only_looks_merges_nothing(nord: Company, north: Company, world: World) -> None:
    ana_at = client_of(world.ana)
    assert (
        ana_at.post(f"/w/acme/companies/{nord.pk}/merge/", {"with": str(north.pk)}).status_code
        == 403
    )
    assert "Merge with…" not in ana_at.get(f"/w/acme/companies/{nord.pk}/").content.decode()


def test_over_the_api(nord: Company, north: Company, world: World) -> None:
    api = api_of(a_key(world.ada))
    pair: dict[str, Any] = {"kept": str(nord.pk), "gone": str(north.pk)}
    seen = api.post("/api/v1/company-merges/preview/", pair).json()
    assert {"label": "people", "count": 1} in seen["moving"]
    made = api.post("/api/v1/company-merges/", pair | {"choices": {"name": "gone"}})
    assert made.status_code == 201, made.content
    assert made.json()["domain"] == "nord.test"
    moved = api.get(f"/api/v1/companies/{north.pk}/")
    assert (moved.status_code, moved.headers["Location"][-37:-1]) == (308, str(nord.pk))
    assert api.post("/api/v1/company-merges/", pair).status_code == 409
    undone = api.post(f"/api/v1/company-merges/{made.json()['id']}/undo/", {})
    assert undone.json() == {"company": str(north.pk), "changed_since": []}
    assert api.get("/api/v1/company-merges/").json()["results"][0]["undone_at"]


@pytest.mark.parametrize(
    "wrong", [{}, {"gone": "x"}, {"choices": {"name": "both"}}, {"choices": {"shoe": "kept"}}]
)
def test_the_api_names_what_is_wrong(
    nord: Company, north: Company, world: World, wrong: dict[str, Any]
) -> None:
    pair = {"kept": str(nord.pk), "gone": str(north.pk)} | wrong if wrong else {}
    answer = api_of(a_key(world.ada)).post("/api/v1/company-merges/", pair)
    assert answer.status_code == 422
    assert Company.objects.count() == 2


def test_companies_of_others_are_not_merged(nord: Company, world: World) -> None:
    answer = api_of(a_key(world.ada)).post(
        "/api/v1/company-merges/", {"kept": str(nord.pk), "gone": str(uuid4())}
    )
    assert answer.status_code == 409
