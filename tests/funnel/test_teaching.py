"""Training content given to people of customers, and the page on which they open it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from funnel.care.catalogue import CannotSaveCare
from funnel.care.contents import add_content, retire_content
from funnel.care.teaching import (
    give_content,
    link_of,
    named_by,
    note_done,
    note_not_done,
    take_content_back,
)
from funnel.customers.keeping import keep_customers
from funnel.models import Customer, Training
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.erasing import erase_leads
from leads.models import Lead
from tests.builders import (
    a_company,
    a_customer,
    a_key,
    a_lead,
    a_training_content,
    an_onboarding_step,
)
from tests.clients import api_of, client_of

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def firm() -> Customer:
    return a_customer(company=a_company(name="Nordwind"))


@pytest.fixture
def anna(firm: Customer) -> Lead:
    return a_lead(name="Anna", stage="customer", company=firm.company)


def given_to(lead: Lead, **content: Any) -> Training:
    give_content(a_training_content(**content), [lead.pk], by=None, now=timezone.now())
    return Training.objects.get(lead=lead)


def path_of(training: Training) -> str:
    return "/" + link_of(training).split("/", 3)[3]


def test_content_is_given_once_to_each_person(anna: Lead, firm: Customer, rita: Member) -> None:
    other, content = a_lead(company=firm.company), a_training_content()
    assert give_content(content, [anna.pk], by=rita, now=timezone.now()) == 1
    assert give_content(content, [anna.pk, other.pk], by=rita, now=timezone.now()) == 1
    assert Training.objects.filter(given_by=rita).count() == 2


def test_strangers_and_retired_content_are_refused(anna: Lead, rita: Member) -> None:
    content, now = a_training_content(title="First steps"), timezone.now()
    stranger = a_lead(name="Stan", company=a_company())
    with pytest.raises(CannotSaveCare, match="Stan is of no customer"):
        give_content(content, [anna.pk, stranger.pk], by=rita, now=now)
    retire_content(content, now=now)
    content.refresh_from_db()
    with pytest.raises(CannotSaveCare, match="“First steps” is retired"):
        give_content(content, [anna.pk], by=rita, now=now)
    assert not Training.objects.exists()


def test_a_person_without_a_company_is_taught_too(rita: Member) -> None:
    lead = a_lead(stage="customer")
    keep_customers(lead_ids=[lead.pk], now=timezone.now())
    assert give_content(a_training_content(), [lead.pk], by=rita, now=timezone.now()) == 1


def test_looking_at_the_link_changes_nothing_and_opening_is_seen(anna: Lead) -> None:
    training = given_to(anna, title="First steps", address="https://example.com/a?b=1&c=2")
    path, stranger = path_of(training), Client(enforce_csrf_checks=True)
    for method in ("get", "head"):
        assert getattr(stranger, method)(path).status_code == 200
    training.refresh_from_db()
    assert training.seen_at is None
    answer = stranger.post(path, {"do": "open"})
    assert answer["Refresh"] == "0; url=https://example.com/a?b=1&c=2"
    assert answer["Referrer-Policy"] == "no-referrer"
    training.refresh_from_db()
    seen = training.seen_at
    assert seen is not None
    stranger.post(path, {"do": "open"})
    training.refresh_from_db()
    assert (training.seen_at, training.done_at) == (seen, None)


def test_an_address_in_letters_of_any_alphabet_is_opened(anna: Lead) -> None:
    path = path_of(given_to(anna, address="https://例え.example/käse?x=%41"))
    assert Client().post(path, {"do": "open"})["Refresh"] == (
        "0; url=https://%E4%BE%8B%E3%81%88.example/k%C3%A4se?x=%41"
    )


def test_they_say_themselves_that_they_are_through(anna: Lead) -> None:
    path = path_of(training := given_to(anna))
    Client().post(path, {"do": "open"})
    assert "I am through with it" in Client().get(path).content.decode()
    assert "Thank you" in Client().post(path, {"do": "done"}).content.decode()
    training.refresh_from_db()
    assert training.done_at is not None
    assert training.done_by is None


def test_a_file_is_downloaded_from_the_page(anna: Lead, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    content = add_content(title="Guide", file=SimpleUploadedFile("guide.pdf", b"Page one"))
    give_content(content, [anna.pk], by=None, now=timezone.now())
    answer: Any = Client().post(path_of(Training.objects.get()), {"do": "open"})
    assert b"".join(answer.streaming_content) == b"Page one"


def test_the_page_tells_nothing_of_who_was_given_it(anna: Lead) -> None:
    shown = Client().get(path_of(given_to(anna))).content.decode()
    assert "Anna" not in shown
    assert anna.email not in shown
    assert "Acme" in shown


def test_no_altered_link_leads_anywhere(anna: Lead) -> None:
    path = path_of(given_to(anna))
    token = path.removeprefix("/learn/").rstrip("/")
    for place in range(0, len(token), 3):
        other = "A" if token[place] != "A" else "B"
        altered = f"{token[:place]}{other}{token[place + 1 :]}"
        assert Client().get(f"/learn/{altered}/").status_code == 404, place
    for wrong in ("x", "a.b", "ä" * 20, "0" * 64):
        assert named_by(wrong) is None


def test_a_link_dies_with_its_row_and_stays_in_its_workspace(anna: Lead, globex: Workspace) -> None:
    training = given_to(anna)
    with inside(globex.pk):
        elsewhere = path_of(training)
    assert Client().get(elsewhere).status_code == 404
    path = path_of(training)
    take_content_back(training)
    answer = Client().get(path)
    assert answer.status_code == 404
    assert "ask whoever sent it to you" in answer.content.decode()


def test_too_many_requests_are_turned_away(anna: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funnel.views.teaching.MOST_A_MINUTE", 1)
    path, codes = path_of(given_to(anna)), list[int]()
    for _ in range(4):  # the minute may turn once in between
        codes.append(Client().get(path, REMOTE_ADDR="198.51.100.77").status_code)
    assert 429 in codes


def test_what_is_done_stays_on_record(anna: Lead, rita: Member) -> None:
    training = given_to(anna, title="First steps")
    note_done(training, by=rita, now=timezone.now())
    with pytest.raises(CannotSaveCare, match="Anna is through with “First steps”"):
        take_content_back(training)
    note_not_done(training)
    take_content_back(training)
    assert not Training.objects.exists()


def test_it_is_given_and_followed_on_the_customers_page(
    anna: Lead, firm: Customer, rita: Member, mara: Member
) -> None:
    content, browser = a_training_content(title="First steps"), client_of(rita)
    give = workspace_reverse("funnel:training_give", id=firm.pk)
    assert "Anna" in browser.get(give).content.decode()
    assert browser.post(give, {"content": content.pk}).status_code == 422
    browser.post(give, {"content": content.pk, "people": [anna.pk]})
    training = Training.objects.get()
    page = workspace_reverse("funnel:customer", id=firm.pk)
    shown = browser.get(page).content.decode()
    assert "First steps" in shown
    assert re.search(r'href="mailto:[^"]*subject=First%20steps&amp;body=http', shown)
    for name, field in (("seen", "seen_at"), ("done", "done_at")):
        browser.post(workspace_reverse(f"funnel:training_{name}", id=training.pk))
        training.refresh_from_db()
        assert getattr(training, field) is not None
    assert training.done_by == rita
    browser.post(workspace_reverse("funnel:training_not_done", id=training.pk))
    browser.post(workspace_reverse("funnel:training_take_back", id=training.pk))
    assert not Training.objects.exists()
    assert client_of(mara).get(give).status_code == 403
    assert "Give content" not in client_of(mara).get(page).content.decode()


def test_what_belongs_to_a_step_is_offered_beside_it(rita: Member) -> None:
    content = a_training_content(title="First steps", step=an_onboarding_step())
    customer, browser = a_customer(), client_of(rita)
    page = browser.get(workspace_reverse("funnel:customer", id=customer.pk)).content.decode()
    give = f"{workspace_reverse('funnel:training_give', id=customer.pk)}?content={content.pk}"
    assert give in page
    assert f'value="{content.pk}" selected' in browser.get(give).content.decode()


def test_an_erased_person_leaves_nothing_behind(anna: Lead, ada: Member) -> None:
    given_to(anna)
    erase_leads([anna.pk], reason="Asked", by=ada, now=timezone.now())
    assert not Training.objects.exists()


def test_the_api_does_the_same(anna: Lead, ada: Member) -> None:
    api, content = api_of(a_key(ada)), a_training_content()
    told = {"content": str(content.pk), "lead": str(anna.pk), "by": str(ada.pk)}
    made = api.post("/api/v1/trainings/", told).json()
    assert made["link"].endswith("/")
    assert api.post("/api/v1/trainings/", told).json()["id"] == made["id"]
    path = f"/api/v1/trainings/{made['id']}/"
    assert api.post(f"{path}note/", {"what": "seen"}).json()["seen_at"]
    assert api.post(f"{path}note/", {"what": "done"}).json()["done_at"]
    assert api.delete(path).status_code == 422
    assert api.post(f"{path}note/", {"what": "not_done"}).json()["done_at"] is None
    assert api.get(f"/api/v1/trainings/?lead={anna.pk}").json()["results"][0]["id"] == made["id"]
    assert api.delete(path).status_code == 204
    stranger = {**told, "lead": str(a_lead().pk)}
    assert api.post("/api/v1/trainings/", stranger).status_code == 422
