"""Two people edit one profile: nothing is lost, and the second is told."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from leads.actions.editing import ChangedMeanwhile, change_lead
from leads.actions.profiles import Door
from leads.models import CustomField, Lead, ProfileChange, Via
from tests.builders import a_company, a_key, a_lead
from tests.clients import api_of, client_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


@pytest.fixture
def ann(rita: Member) -> Lead:
    CustomField.objects.create(key="size", label="Size", kind="number")
    return a_lead(name="Ann", city="Oslo", attributes={"size": 3})


def change(lead: Lead, by: Member, seen: dict[str, Any] | None = None, **changes: Any) -> Lead:
    door = Door(Via.PERSON, by=by.pk)
    return change_lead(lead, changes=changes, seen=seen, door=door, now=timezone.now())


def shown(browser: Client, lead: Lead) -> dict[str, Any]:
    """The form as a browser would send it back untouched."""
    form = browser.get(f"/w/acme/leads/{lead.pk}/edit/").context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in sent.items() if value not in (None, False)}


def test_each_field_that_changes_is_kept_with_whose_it_was(ann: Lead, rob: Member) -> None:
    change(ann, rob, city="Bergen", name="Ann", attributes={"size": 5})
    kept = {row.field: (row.old, row.new, row.by) for row in ProfileChange.objects.all()}
    assert kept == {"city": ("Oslo", "Bergen", rob), "attributes.size": (3, 5, rob)}


def test_different_fields_merge_silently(ann: Lead, rita: Member, rob: Member) -> None:
    change(ann, rob, city="Bergen", seen={"city": "Oslo"})
    after = change(ann, rita, job_title="CEO", seen={"job_title": ""})
    assert (after.city, after.job_title) == ("Bergen", "CEO")


def test_the_same_field_is_not_overwritten_unseen(ann: Lead, rita: Member, rob: Member) -> None:
    change(ann, rob, city="Bergen", attributes={"size": 5})
    seen = {"city": "Oslo", "attributes.size": 3}
    with pytest.raises(ChangedMeanwhile) as refused:
        change(ann, rita, city="Turku", attributes={"size": 7}, seen=seen)
    found = refused.value.found
    assert {each.field: each.value for each in found} == {"city": "Bergen", "attributes.size": 5}
    assert all(each.change and each.change.by == rob for each in found)
    assert Lead.objects.get().city == "Bergen"


def test_two_who_want_the_same_do_not_disagree(ann: Lead, rita: Member, rob: Member) -> None:
    change(ann, rob, city="Bergen")
    assert change(ann, rita, city="Bergen", seen={"city": "Oslo"}).city == "Bergen"


def test_only_what_was_typed_is_saved(browser: Client, ann: Lead, rob: Member) -> None:
    sent = shown(browser, ann)
    change(ann, rob, city="Bergen")
    answer = browser.post(f"/w/acme/leads/{ann.pk}/edit/", sent | {"job_title": "CEO"})
    assert answer.status_code == 302
    lead = Lead.objects.get()
    assert (lead.city, lead.job_title) == ("Bergen", "CEO")


def test_the_second_sees_both_values_and_chooses(browser: Client, ann: Lead, rob: Member) -> None:
    sent = shown(browser, ann) | {"city": "Turku", "job_title": "CEO"}
    change(ann, rob, city="Bergen")
    address = f"/w/acme/leads/{ann.pk}/edit/"
    answer = browser.post(address, sent)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors.keys() == {"city"}
    page = answer.content.decode()
    assert "Changed by Rob" in page
    assert "Take “Bergen”" in page
    assert (form["city"].value(), form["job_title"].value()) == ("Turku", "CEO")
    again = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert browser.post(address, again).status_code == 302
    lead = Lead.objects.get()
    assert (lead.city, lead.job_title) == ("Turku", "CEO")


def test_taking_the_others_value_keeps_what_else_was_typed(
    browser: Client, ann: Lead, rob: Member
) -> None:
    sent = shown(browser, ann) | {"city": "Turku", "job_title": "CEO"}
    change(ann, rob, city="Bergen")
    answer = browser.post(f"/w/acme/leads/{ann.pk}/edit/", sent | {"take": "city"})
    form = answer.context["form"]
    assert (form["city"].value(), form["job_title"].value()) == ("Bergen", "CEO")
    assert Lead.objects.get().job_title == ""


def in_place(browser: Client, lead: Lead, field: str, **typed: str) -> Any:
    return browser.post(f"/w/acme/leads/{lead.pk}/fields/{field}/", typed, headers=HTMX)


def test_one_field_is_edited_where_it_stands(browser: Client, ann: Lead) -> None:
    page = browser.get(f"/w/acme/leads/{ann.pk}/fields/city/", headers=HTMX).content.decode()
    assert 'name="city"' in page
    assert 'name="name"' not in page
    answer = in_place(browser, ann, "city", city="Bergen", seen_city=json.dumps("Oslo"))
    assert "Bergen" in answer.content.decode()
    assert answer["HX-Retarget"] == "#profile"
    assert Lead.objects.get().city == "Bergen"


def test_a_custom_field_is_edited_where_it_stands(browser: Client, ann: Lead) -> None:
    in_place(browser, ann, "attributes.size", own_size="12", seen_own_size="3")
    assert Lead.objects.get().attributes == {"size": 12}


def test_what_the_top_of_the_page_shows_is_drawn_anew(browser: Client, ann: Lead) -> None:
    answer = in_place(browser, ann, "name", name="Ann Lee", seen_name=json.dumps("Ann"))
    assert answer["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("field", "typed"), [("email", {"email": "nonsense"}), ("phone", {"phone": "call me"})]
)
def test_a_wrong_value_is_refused_at_the_field(
    browser: Client, ann: Lead, field: str, typed: dict[str, str]
) -> None:
    answer = in_place(browser, ann, field, **typed)
    assert answer.status_code == 422
    assert typed[field] in answer.content.decode()


def test_in_place_the_second_is_told_as_well(browser: Client, ann: Lead, rob: Member) -> None:
    change(ann, rob, city="Bergen")
    answer = in_place(browser, ann, "city", city="Turku", seen_city=json.dumps("Oslo"))
    assert answer.status_code == 422
    assert "Changed by Rob" in answer.content.decode()
    assert Lead.objects.get().city == "Bergen"


def test_without_scripts_a_field_leads_to_the_whole_form(browser: Client, ann: Lead) -> None:
    answer = browser.get(f"/w/acme/leads/{ann.pk}/fields/city/")
    assert answer["Location"] == f"/w/acme/leads/{ann.pk}/edit/#id_city"


def test_a_field_nobody_knows_is_not_there(browser: Client, ann: Lead) -> None:
    assert browser.get(f"/w/acme/leads/{ann.pk}/fields/score/", headers=HTMX).status_code == 404


def test_the_page_tells_where_values_came_from(browser: Client, ann: Lead, rob: Member) -> None:
    change(ann, rob, city="Bergen")
    assert "Changed by Rob" in browser.get(f"/w/acme/leads/{ann.pk}/").content.decode()


def test_the_history_tells_what_was_before(browser: Client, ann: Lead, rob: Member) -> None:
    old, new = a_company(name="Nordwind"), a_company(name="Südwind")
    Lead.objects.update(company=old)
    change(Lead.objects.get(), rob, company_name="Südwind", city="Bergen")
    page = browser.get(f"/w/acme/leads/{ann.pk}/history/").content.decode()
    for words in ("Nordwind", "Südwind", "Oslo", "Bergen", "Changed by Rob"):
        assert words in page
    page = browser.get(f"/w/acme/leads/{ann.pk}/history/?field=company_name").content.decode()
    assert new.name in page
    assert "Bergen" not in page


def test_an_integration_changes_only_what_it_has_read(ann: Lead, ada: Member) -> None:
    api, address = api_of(a_key(ada)), f"/api/v1/leads/{ann.pk}/"
    tag = api.get(address)["ETag"]
    change(ann, ada, city="Bergen")
    stale = api.patch(address, {"city": "Turku"}, headers={"If-Match": tag})
    assert (stale.status_code, stale["Content-Type"]) == (412, "application/problem+json")
    fresh = api.get(address)["ETag"]
    answer = api.patch(address, {"city": "Turku"}, headers={"If-Match": fresh})
    assert answer.status_code == 200
    assert answer["ETag"] != fresh
    assert ProfileChange.objects.get(new="Turku").via == Via.API


@pytest.mark.parametrize("tag", ['"x"', "W/", '"2020-01-01T00:00:00+00:00"'])
def test_a_tag_of_nothing_matches_nothing(ann: Lead, ada: Member, tag: str) -> None:
    api = api_of(a_key(ada))
    answer = api.patch(f"/api/v1/leads/{ann.pk}/", {"city": "X"}, headers={"If-Match": tag})
    assert answer.status_code == 412


def test_without_a_tag_or_with_a_star_everything_matches(ann: Lead, ada: Member) -> None:
    api, headers = api_of(a_key(ada)), {"If-Match": "*"}
    assert api.patch(f"/api/v1/leads/{ann.pk}/", {"city": "X"}, headers=headers).status_code == 200
    assert api.patch(f"/api/v1/leads/{ann.pk}/", {"city": "Y"}).status_code == 200
    assert timezone.now() - Lead.objects.get().changed_at < timedelta(minutes=1)


def test_what_nobody_can_read_was_not_seen(browser: Client, ann: Lead) -> None:
    answer = in_place(browser, ann, "city", city="Bergen", seen_city="[" * 9_000)
    assert answer.status_code < 500
    ann.refresh_from_db()
    assert ann.city == "Bergen"
