"""The page of one lead: what we know, what happened, what one can do."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import Activity, CustomField, Lead
from tests.builders import a_company, a_lead, an_activity
from tests.clients import client_of

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def page_of(
    browser: Client, lead: Lead, query: str = "", headers: dict[str, str] | None = None
) -> str:
    answer = browser.get(f"/w/acme/leads/{lead.pk}/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_known_is_told_in_words(browser: Client) -> None:
    CustomField.objects.create(key="fleet", label="Fleet size", kind="number")
    company = a_company(name="Nordwind")
    a_lead(name="Colleague", company=company)
    lead = a_lead(
        name="Ann", phone="+302101234567", company=company, attributes={"fleet": 12, "old": "x"}
    )
    page = page_of(browser, lead)
    for words in ("Ann", "Nordwind", "Colleague", "+30 21 0123 4567", "Fleet size", "12", "old"):
        assert words in page


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        ("page_view", {"path": "/pricing"}, "Viewed /pricing"),
        ("call", {"outcome": "no_answer", "note": "Ring on Monday"}, "Call: no answer"),
        ("call", {"outcome": "no_answer", "note": "Ring on Monday"}, "Ring on Monday"),
        ("form_submitted", {"form": "Demo"}, "Sent the form “Demo”"),
        ("stage_entered", {"from": "lead", "to": "mql", "reason": "Score 60"}, "from Lead to MQL"),
        ("message_opened", {"subject": "Hello"}, "Opened the email “Hello”"),
        ("deal_won", {"deal": "Fleet", "amount": 120000}, "€1,200"),
        ("assigned", {"owner": "Rita"}, "Was given to Rita"),
        ("webinar.attended", {"topic": "SLA", "deep": {"a": 1}}, "Webinar attended"),
        ("webinar.attended", {"topic": "SLA", "deep": {"a": 1}}, "topic: SLA"),
        ("page_view", {"path": "<script>"}, "&lt;script&gt;"),
    ],
)
def test_the_timeline_reads_in_plain_english(
    browser: Client, kind: str, properties: dict[str, Any], words: str
) -> None:
    lead = a_lead()
    an_activity(lead, kind=kind, properties=properties)
    assert words in page_of(browser, lead)


def test_the_timeline_is_filtered_and_loads_on(browser: Client) -> None:
    lead, now = a_lead(), timezone.now()
    for number in range(40):
        at = now - timedelta(days=number)
        an_activity(lead, occurred_at=at, properties={"path": f"/p{number}-"})
    an_activity(lead, kind="call", occurred_at=now - timedelta(days=90))
    assert "Call" not in page_of(browser, lead, "?family=web", headers=HTMX)
    first = browser.get(f"/w/acme/leads/{lead.pk}/?family=web", headers=HTMX)
    more = page_of(
        browser, lead, f"?family=web&after={first.context['timeline'].next}", headers=HTMX
    )
    assert "/p30-" in more
    assert "/p29-" not in more
    assert "<html" not in more


def test_going_back_in_the_browser_brings_the_whole_page(browser: Client) -> None:
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    assert "<html" in page_of(browser, a_lead(), "?family=web", headers=headers)


def test_page_views_in_a_row_are_one_line(browser: Client) -> None:
    lead, noon = a_lead(), timezone.now().replace(hour=12)
    for minute, path in enumerate(["/", "/pricing", "/pricing"]):
        an_activity(lead, occurred_at=noon + timedelta(minutes=minute), properties={"path": path})
    page = page_of(browser, lead)
    assert "Viewed 3 pages" in page
    assert "/, /pricing (2)" in page


def test_a_note_goes_on_the_timeline(browser: Client, rita: Member) -> None:
    lead = a_lead()
    browser.post(f"/w/acme/leads/{lead.pk}/note/", {"text": "Likes boats"})
    assert Activity.objects.get(kind="note").by == rita
    assert "Likes boats" in page_of(browser, lead)


def test_an_empty_note_is_refused_at_its_field(browser: Client) -> None:
    lead = a_lead()
    answer = browser.post(f"/w/acme/leads/{lead.pk}/note/", {"text": "  "})
    assert answer.status_code == 422
    assert not Activity.objects.exists()


def test_assigning_can_be_undone(browser: Client, rob: Member) -> None:
    lead = a_lead()
    answer = browser.post(f"/w/acme/leads/{lead.pk}/assign/", {"owner": rob.pk}, follow=True)
    assert Lead.objects.get().owner == rob
    assert "Lead assigned to Rob." in answer.content.decode()
    browser.post(f"/w/acme/leads/{lead.pk}/assign/?owner=")
    assert Lead.objects.get().owner is None


def test_nobody_can_be_given_to_a_stranger(browser: Client, gus: Member) -> None:
    lead = a_lead()
    for stranger in (gus.pk, uuid4(), "x"):
        answer = browser.post(f"/w/acme/leads/{lead.pk}/assign/", {"owner": stranger})
        assert answer.status_code == 404


def test_a_lead_of_another_workspace_is_not_there(browser: Client, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_lead()
    for address in (f"/w/acme/leads/{foreign.pk}/", f"/w/acme/leads/{uuid4()}/"):
        assert browser.get(address).status_code == 404


def test_who_only_looks_is_offered_nothing_to_do(ana: Member) -> None:
    lead = a_lead()
    page = page_of(client_of(ana), lead)
    assert "Log note" not in page
    assert "Edit profile" not in page
    assert client_of(ana).post(f"/w/acme/leads/{lead.pk}/note/", {"text": "x"}).status_code == 403


def test_the_page_states_its_queries(browser: Client, django_assert_max_num_queries: Any) -> None:
    lead = a_lead(company=a_company())
    for _ in range(30):
        an_activity(lead)
    browser.get(f"/w/acme/leads/{lead.pk}/")
    # session, user, door, member; lead, fields, origins, facts, tasks, files, owners, colleagues;
    # workspaces
    with django_assert_max_num_queries(13 + PANELS):
        browser.get(f"/w/acme/leads/{lead.pk}/")


PANELS = 17
"""What the panels of the apps above may add."""
