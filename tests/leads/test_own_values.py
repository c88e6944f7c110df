"""Values of custom fields: what each kind takes, whichever door they come through."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from leads.actions.resolving import resolve_leads
from leads.models import Lead
from leads.normalising import WrongValue
from leads.rows import NewLead
from tests.builders import a_custom_field, a_key, a_lead
from tests.clients import JsonClient, api_of, client_of

pytestmark = pytest.mark.usefixtures("world")
ANSWERS = ["Red", "Green", "Blue"]


@pytest.fixture
def browser(mara: Member) -> Client:
    return client_of(mara)


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def said(value: Any) -> Any:
    (found,) = resolve_leads([NewLead(name="Ann", attributes={"own": value})], now=timezone.now())
    return Lead.objects.get(pk=found.lead_id).attributes.get("own")


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("text", 12, "12"),
        ("number", "12.50", 12.5),
        ("number", 3.0, 3),
        ("money", "1250", 1250),
        ("date", "2026-01-31", "2026-01-31"),
        ("choice", "red", "Red"),
        ("choices", ["blue", "Red", "red"], ["Red", "Blue"]),
        ("choices", "Green", ["Green"]),
        ("choices", [], None),
        ("yes_no", "No", False),
        ("link", "https://firm.example/x?y=1", "https://firm.example/x?y=1"),
    ],
)
def test_a_value_is_stored_as_its_kind(kind: str, value: Any, stored: Any) -> None:
    a_custom_field("own", kind, choices=ANSWERS)
    assert said(value) == stored


@pytest.mark.parametrize(
    ("kind", "value", "allowed"),
    [
        ("text", ["a"], "a text"),
        ("number", "many", "a number such as"),
        ("number", "nan", "a number such as"),
        ("number", True, "a number such as"),
        ("money", 12.5, "a whole number"),
        ("date", "31.01.2026", "a day such as"),
        ("choice", "Pink", "one of “Red”, “Green”, “Blue”"),
        ("choices", ["Red", "Pink"], "one of “Red”"),
        ("yes_no", "maybe", "true or false"),
        ("link", "javascript:alert(1)", "an address of the web"),
        ("link", "https://", "an address of the web"),
        ("person", "0190b5a0-0000-7000-8000-000000000000", "a member who has not left"),
    ],
)
def test_what_a_kind_cannot_hold_is_named(kind: str, value: Any, allowed: str) -> None:
    a_custom_field("own", kind, label="Own field", choices=ANSWERS)
    with pytest.raises(WrongValue) as refused:
        said(value)
    assert "“Own field”" in refused.value.sentence
    assert allowed in refused.value.sentence
    assert refused.value.field == "attributes.own"


def test_a_person_is_a_member_who_has_not_left(rita: Member, rob: Member) -> None:
    a_custom_field("own", "person")
    assert said(str(rita.pk)) == str(rita.pk)
    Member.objects.filter(pk=rob.pk).update(left_at=timezone.now())
    with pytest.raises(WrongValue):
        said(str(rob.pk))


def test_a_field_of_companies_says_nothing_about_leads() -> None:
    a_custom_field("own", "number", subject="company")
    assert said("many") == "many"


def test_the_api_reads_values_by_their_kinds(api: JsonClient) -> None:
    a_custom_field("day", "date")
    a_custom_field("uses", "choices", choices=ANSWERS)
    lead = a_lead(name="Ann")
    address = f"/api/v1/leads/{lead.pk}/"
    changed = api.patch(address, {"attributes": {"uses": ["green", "Red"], "day": "2026-02-01"}})
    assert changed.json()["attributes"] == {"uses": ["Red", "Green"], "day": "2026-02-01"}
    refused = api.patch(address, {"attributes": {"day": "soon"}})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "attributes.day"


def test_many_rows_ask_for_the_fields_once(
    api: JsonClient, django_assert_max_num_queries: Any
) -> None:
    a_custom_field("size", "number")
    rows = [{"name": f"Ann {n}", "attributes": {"size": "x"}} for n in range(50)]
    with django_assert_max_num_queries(8):
        answer = api.post("/api/v1/leads/bulk/", {"leads": rows})
    assert len(answer.json()["errors"]) == 50


def test_every_kind_is_typed_and_read(browser: Client, rita: Member) -> None:
    kinds = ("text", "number", "money", "date", "choice", "choices", "yes_no", "link", "person")
    for kind in kinds:
        a_custom_field(kind, kind, choices=ANSWERS)
    lead = a_lead(name="Ann")
    typed: dict[str, Any] = {
        "own_text": "x", "own_number": "1.5", "own_money": "12.50", "own_date": "2026-01-31",
        "own_choice": "Red", "own_choices": ["Red", "Blue"], "own_yes_no": "true",
        "own_link": "firm.example", "own_person": str(rita.pk),
    }  # fmt: skip
    address = f"/w/acme/leads/{lead.pk}/edit/"
    assert browser.post(address, {"name": "Ann"} | typed).status_code == 302
    lead.refresh_from_db()
    assert lead.attributes == {
        "text": "x", "number": 1.5, "money": 1250, "date": "2026-01-31", "choice": "Red",
        "choices": ["Red", "Blue"], "yes_no": True, "link": "https://firm.example",
        "person": str(rita.pk),
    }  # fmt: skip
    page = browser.get(f"/w/acme/leads/{lead.pk}/").content.decode()
    for words in ("€12.50", "Red, Blue", 'href="https://firm.example"', "Rita"):
        assert words in page
    form = browser.get(address).context["form"]
    assert str(form["own_money"].value()) == "12.50"


def test_what_was_stored_before_its_field_does_not_stop_an_edit(browser: Client) -> None:
    lead = a_lead(name="Ann", attributes={"size": "many"})
    a_custom_field("size", "number")
    api_address = f"/w/acme/leads/{lead.pk}/fields/city/"
    browser.post(api_address, {"city": "Oslo"})
    lead.refresh_from_db()
    assert (lead.city, lead.attributes) == ("Oslo", {"size": "many"})
