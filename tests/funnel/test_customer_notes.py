"""Notes on the page of a customer: written about one of its people, kept on their timeline."""

import pytest
from django.utils import timezone

from funnel.customers.keeping import keep_customers
from funnel.models import Customer
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Notice
from leads.kinds import Kind
from leads.models import Activity, Lead
from tests.builders import a_company, a_customer, a_key, a_lead
from tests.clients import api_of, client_of

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def firm() -> Customer:
    made = a_customer(a_company(name="Nordwind"))
    a_lead(company=made.company, name="Second Person")
    return made


def _note(customer: Customer) -> str:
    return workspace_reverse("funnel:customer_note", id=customer.pk)


def _page(customer: Customer) -> str:
    return workspace_reverse("funnel:customer", id=customer.pk)


def _person(name: str) -> Lead:
    return Lead.objects.get(name=name)


def test_a_note_stands_on_the_persons_timeline_and_on_the_customers(
    firm: Customer, rita: Member
) -> None:
    browser, person = client_of(rita), _person("Second Person")
    answer = browser.post(_note(firm), {"text": "Likes the new report", "lead": person.pk})
    assert answer.status_code == 302
    kept = Activity.objects.get(kind=Kind.NOTE)
    assert (kept.lead, kept.by, kept.properties["text"]) == (person, rita, "Likes the new report")
    assert "Likes the new report" in browser.get(_page(firm)).content.decode()
    home = workspace_reverse("leads:lead", id=person.pk)
    assert "Likes the new report" in browser.get(home).content.decode()


def test_a_colleague_who_is_named_is_told(firm: Customer, rita: Member, max: Member) -> None:
    told = {"text": "@Max please call", "lead": _person("Second Person").pk}
    client_of(rita).post(_note(firm), told)
    assert Notice.objects.get().member == max


def test_the_form_offers_its_people_and_no_choice_where_there_is_one(
    firm: Customer, rita: Member
) -> None:
    a_lead(name="Stranger", company=a_company())
    page = client_of(rita).get(_page(firm)).content.decode()
    form = page[page.index(_note(firm)) :][:3_000]
    assert "Second Person" in form
    assert "Stranger" not in form
    lone = a_lead(name="Lena Alone", stage="customer")
    keep_customers(lead_ids=[lone.pk], now=timezone.now())
    alone = Customer.objects.get(lead=lone)
    page = client_of(rita).get(_page(alone)).content.decode()
    assert f'type="hidden" name="lead" value="{lone.pk}"' in page


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_typed_is_no_note_and_nothing_is_lost(
    firm: Customer, rita: Member, text: str
) -> None:
    answer = client_of(rita).post(_note(firm), {"text": text, "lead": _person("Second Person").pk})
    assert answer.status_code == 422
    assert not Activity.objects.filter(kind=Kind.NOTE).exists()


def test_people_of_others_get_no_note_there(firm: Customer, rita: Member) -> None:
    stranger = a_lead(company=a_company())
    answer = client_of(rita).post(_note(firm), {"text": "Kept words", "lead": stranger.pk})
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert not Activity.objects.filter(kind=Kind.NOTE).exists()


def test_who_only_looks_sees_no_form_and_is_refused(firm: Customer, ana: Member) -> None:
    assert _note(firm) not in client_of(ana).get(_page(firm)).content.decode()
    answer = client_of(ana).post(_note(firm), {"text": "X", "lead": _person("Second Person").pk})
    assert answer.status_code == 403


def test_the_api_lists_what_was_noted(firm: Customer, ada: Member) -> None:
    api = api_of(a_key(ada))
    person = _person("Second Person")
    api.post("/api/v1/notes/", {"lead": str(person.pk), "text": "Over the API"})
    api.post("/api/v1/notes/", {"lead": str(a_lead().pk), "text": "Elsewhere"})
    told = api.get(f"/api/v1/customers/{firm.pk}/notes/").json()["results"]
    assert [(each["lead"], each["text"]) for each in told] == [(str(person.pk), "Over the API")]
