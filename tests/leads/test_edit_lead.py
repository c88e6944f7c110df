"""Correcting a profile, in the browser."""

from typing import Any

import pytest
from django.test import Client

from leadmgmt.workspaces.models import Member
from leads.actions.resolving import resolve_leads
from leads.models import CustomField, Identity, Lead
from leads.rows import NewLead
from tests.builders import a_lead
from tests.clients import client_of

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def browser(mara: Member) -> Client:
    return client_of(mara)


@pytest.fixture
def ann() -> Lead:
    from django.utils import timezone

    row = NewLead(name="Ann", email="ann@firm.example", attributes={"old": "kept"})
    (found,) = resolve_leads([row], now=timezone.now())
    lead: Lead = Lead.objects.get(pk=found.lead_id)
    return lead


def edit(browser: Client, lead: Lead, **typed: str) -> Any:
    standing = {"name": lead.name, "email": lead.email, "company_name": "firm.example"}
    return browser.post(f"/w/acme/leads/{lead.pk}/edit/", standing | typed)


def test_what_is_typed_is_saved_in_one_form(browser: Client, ann: Lead) -> None:
    CustomField.objects.create(key="size", label="Size", kind="number")
    CustomField.objects.create(key="vip", label="VIP", kind="yes_no")
    answer = edit(browser, ann, name="Ann Lee", phone="210 1234567", own_size="12", own_vip="true")
    assert answer.status_code == 302
    lead = Lead.objects.get(pk=ann.pk)
    assert (lead.name, lead.phone) == ("Ann Lee", "+302101234567")
    assert lead.attributes == {"old": "kept", "size": 12, "vip": True}
    assert lead.company is not None


def test_a_new_email_identifies_and_the_old_one_is_free(browser: Client, ann: Lead) -> None:
    edit(browser, ann, email="Lee@Firm.example")
    assert Identity.objects.get(kind="email").value == "lee@firm.example"
    assert Lead.objects.get(pk=ann.pk).email == "lee@firm.example"


def test_the_email_of_somebody_else_is_refused_at_its_field(browser: Client, ann: Lead) -> None:
    from django.utils import timezone

    resolve_leads([NewLead(email="bob@firm.example")], now=timezone.now())
    answer = edit(browser, ann, email="bob@firm.example")
    assert answer.status_code == 422
    assert "belongs to another lead" in answer.content.decode()
    assert answer.context["form"].errors.keys() == {"email"}
    assert Lead.objects.get(pk=ann.pk).email == "ann@firm.example"


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nonsense"), ("phone", "call me"), ("own_size", "many"), ("own_day", "soon")],
)
def test_wrong_values_are_refused_at_their_field(
    browser: Client, ann: Lead, field: str, value: str
) -> None:
    CustomField.objects.create(key="size", label="Size", kind="number")
    CustomField.objects.create(key="day", label="Day", kind="date")
    answer = edit(browser, ann, **{field: value})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}


def test_nothing_left_to_know_somebody_by_is_refused(browser: Client) -> None:
    lead = a_lead()
    assert edit(browser, lead, name="", email="").status_code == 422


def test_in_its_card_the_form_comes_as_a_fragment(browser: Client, ann: Lead) -> None:
    answer = browser.get(f"/w/acme/leads/{ann.pk}/edit/", HTTP_HX_REQUEST="true")
    assert "<html" not in answer.content.decode()
    assert "ann@firm.example" in answer.content.decode()


def test_adding_opens_who_is_known_already(browser: Client, ann: Lead) -> None:
    answer = browser.post("/w/acme/leads/add/", {"email": "ANN@firm.example", "city": "Oslo"})
    assert answer["Location"].endswith(f"/leads/{ann.pk}/")
    assert Lead.objects.get().city == "Oslo"


def test_adding_nobody_is_refused(browser: Client) -> None:
    answer = browser.post("/w/acme/leads/add/", {"city": "Oslo"})
    assert answer.status_code == 422
    assert "A lead needs a name" in answer.content.decode()
