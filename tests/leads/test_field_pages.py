"""Custom fields: added, changed, put in order, retired, brought back."""

import pytest
from django.test import Client

from leadmgmt.workspaces.models import Member
from leads.models import CustomField
from tests.builders import a_custom_field, a_lead
from tests.clients import client_of

ADDRESS = "/w/acme/fields/"
ADD = f"{ADDRESS}add/"


@pytest.fixture
def browser(ada: Member) -> Client:
    return client_of(ada)


def test_a_field_gets_its_key_from_its_name_and_keeps_it(browser: Client) -> None:
    browser.post(ADD, {"label": "Fleet size", "kind": "number", "subject": "lead"})
    field = CustomField.objects.get()
    browser.post(f"{ADDRESS}{field.pk}/", {"label": "Lorries"})
    field.refresh_from_db()
    assert (field.key, field.label) == ("fleet_size", "Lorries")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"key": "taken"}, "key"),
        ({"label": "Весна"}, "key"),
        ({"key": "9x"}, "key"),
        ({"kind": "choice", "choices": " \n"}, "choices"),
        ({"kind": "smell"}, "kind"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    browser: Client, typed: dict[str, str], field: str
) -> None:
    CustomField.objects.create(key="taken", label="Taken")
    answer = browser.post(ADD, {"label": "Size", "kind": "text", "subject": "lead"} | typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}


def test_a_retired_field_can_come_back(browser: Client) -> None:
    field = CustomField.objects.create(key="size", label="Lorries")
    browser.post(f"{ADDRESS}{field.pk}/retire/")
    assert "own_size" not in browser.get("/w/acme/leads/add/").content.decode()
    browser.post(f"{ADDRESS}{field.pk}/restore/")
    assert "own_size" in browser.get("/w/acme/leads/add/").content.decode()


def test_a_rep_has_no_business_here(rita: Member) -> None:
    assert client_of(rita).get(ADDRESS).status_code == 403


def test_people_and_companies_have_fields_of_their_own(browser: Client) -> None:
    for subject in ("lead", "company"):
        browser.post(ADD, {"label": "Size", "kind": "number", "subject": subject})
    page = browser.get(ADDRESS).context["sections"]
    assert [[field.subject for field in fields] for _, _, fields in page] == [["lead"], ["company"]]


def test_an_answer_taken_out_stays_with_who_has_it(browser: Client) -> None:
    field = a_custom_field("size", "choice", choices=["Small", "Large"])
    lead = a_lead(name="Ann", attributes={"size": "Large"})
    browser.post(f"{ADDRESS}{field.pk}/", {"label": "Size", "choices": "Small\nHuge\nsmall"})
    field.refresh_from_db()
    assert field.choices == ["Small", "Huge"]
    address = f"/w/acme/leads/{lead.pk}/edit/"
    form = browser.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert browser.post(address, sent | {"city": "Oslo"}).status_code == 302
    lead.refresh_from_db()
    assert (lead.city, lead.attributes) == ("Oslo", {"size": "Large"})


def test_a_choice_keeps_at_least_one_answer(browser: Client) -> None:
    field = a_custom_field("size", "choices", choices=["Small"])
    answer = browser.post(f"{ADDRESS}{field.pk}/", {"label": "Size", "choices": " "})
    assert answer.context["form"].errors.keys() == {"choices"}


def test_fields_are_put_in_order_among_their_like(browser: Client) -> None:
    fields = [a_custom_field(key, "text") for key in ("a", "b", "c")]
    a_custom_field("d", "text", subject="company")
    browser.post(f"{ADDRESS}{fields[2].pk}/move/", {"to": "up"})
    browser.post(f"{ADDRESS}{fields[0].pk}/move/", {"to": "up"})
    (_, _, people), _companies = browser.get(ADDRESS).context["sections"]
    assert [field.key for field in people] == ["a", "c", "b"]
