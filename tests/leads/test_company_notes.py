"""Notes on the page of a company: written about one of its people, kept on their timeline."""

import pytest

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Notice
from leads.kinds import Kind
from leads.models import Activity, Company, Lead
from tests.builders import a_company, a_key, a_lead
from tests.clients import api_of, client_of
from tests.worlds import World

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def firm(world: World) -> Company:
    return a_company(name="Nordwind")


@pytest.fixture
def ann(firm: Company) -> Lead:
    return a_lead(company=firm, name="Ann")


@pytest.fixture
def bob(firm: Company) -> Lead:
    return a_lead(company=firm, name="Bob")


def _page(firm: Company) -> str:
    return f"/w/acme/companies/{firm.pk}/"


def test_a_note_stands_on_the_timelines_of_person_and_company(
    firm: Company, ann: Lead, bob: Lead, rita: Member
) -> None:
    browser = client_of(rita)
    answer = browser.post(f"{_page(firm)}note/", {"text": "They move in May", "lead": bob.pk})
    assert answer.status_code == 302
    kept = Activity.objects.get(kind=Kind.NOTE)
    assert (kept.lead, kept.by, kept.properties["text"]) == (bob, rita, "They move in May")
    for page in (_page(firm), f"/w/acme/leads/{bob.pk}/"):
        assert "They move in May" in browser.get(page).content.decode()


def test_a_colleague_who_is_named_is_told(
    firm: Company, ann: Lead, rita: Member, max: Member
) -> None:
    client_of(rita).post(f"{_page(firm)}note/", {"text": "@Max please call", "lead": ann.pk})
    assert Notice.objects.get().member == max


def test_the_form_offers_its_people_and_no_choice_where_there_is_one(
    firm: Company, ann: Lead, rita: Member
) -> None:
    a_lead(name="Stranger", company=a_company())
    browser = client_of(rita)
    page = browser.get(_page(firm)).content.decode()
    assert f'type="hidden" name="lead" value="{ann.pk}"' in page
    a_lead(name="Cleo", company=firm)
    offered = browser.get(_page(firm)).context["note"]["lead"].field.widget.choices
    assert sorted(name for _id, name in offered) == ["Ann", "Cleo"]


def test_without_people_there_is_nobody_to_note_something_about(
    firm: Company, rita: Member
) -> None:
    assert f"{_page(firm)}note/" not in client_of(rita).get(_page(firm)).content.decode()
    answer = client_of(rita).post(f"{_page(firm)}note/", {"text": "X"})
    assert answer.status_code == 422


@pytest.mark.parametrize("text", ["", "   ", "x" * 5_001])
def test_what_is_no_note_is_refused_on_the_page(
    firm: Company, ann: Lead, rita: Member, text: str
) -> None:
    answer = client_of(rita).post(f"{_page(firm)}note/", {"text": text, "lead": ann.pk})
    assert answer.status_code == 422
    assert not Activity.objects.filter(kind=Kind.NOTE).exists()


def test_people_of_others_get_no_note_there(
    world: World, firm: Company, ann: Lead, rita: Member
) -> None:
    with inside(world.globex.pk):
        theirs, foreign = a_company(), a_lead()
    for other in (a_lead(company=a_company()), foreign):
        told = {"text": "Kept words", "lead": other.pk}
        answer = client_of(rita).post(f"{_page(firm)}note/", told)
        assert answer.status_code == 422
        assert "Kept words" in answer.content.decode()
    assert client_of(rita).post(f"{_page(theirs)}note/", told).status_code == 404
    assert not Activity.objects.filter(kind=Kind.NOTE).exists()


def test_who_only_looks_sees_no_form_and_is_refused(firm: Company, ann: Lead, ana: Member) -> None:
    assert f"{_page(firm)}note/" not in client_of(ana).get(_page(firm)).content.decode()
    answer = client_of(ana).post(f"{_page(firm)}note/", {"text": "X", "lead": ann.pk})
    assert answer.status_code == 403


def test_the_api_lists_what_was_noted(firm: Company, ann: Lead, ada: Member) -> None:
    api = api_of(a_key(ada))
    for number in range(3):
        api.post("/api/v1/notes/", {"lead": str(ann.pk), "text": f"Note {number}"})
    api.post("/api/v1/notes/", {"lead": str(a_lead().pk), "text": "Elsewhere"})
    first = api.get(f"/api/v1/companies/{firm.pk}/notes/", {"limit": 2}).json()
    assert [each["text"] for each in first["results"]] == ["Note 2", "Note 1"]
    rest = api.get(first["next"]).json()["results"]
    assert [(each["lead"], each["text"]) for each in rest] == [(str(ann.pk), "Note 0")]
