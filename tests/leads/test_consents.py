"""Consent: who allowed what, in which words, said where; nothing in the ledger is changed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadmgmt.workspaces.models import Member
from leads.actions.consents import (
    CannotRecordConsent,
    CannotSavePurpose,
    NewConsent,
    record_consents,
    retire_purpose,
    save_purpose,
)
from leads.actions.segments import create_segment
from leads.models import Activity, Consent, Lead, Membership, Purpose
from leads.queries.privacy import answers_of
from tests.builders import a_key, a_lead
from tests.clients import api_of, client_of, drain

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def news(rita: Member) -> Purpose:
    return save_purpose(Purpose(), name="Newsletter", wording="May we write to you?")


def say(lead: Lead, purpose: Purpose, is_given: bool, at: datetime = NOW) -> None:
    said = NewConsent(lead.pk, purpose.pk, is_given, "phone", occurred_at=at)
    record_consents([said], by=None, now=NOW)


def test_an_answer_keeps_the_words_that_were_asked(news: Purpose) -> None:
    lead = a_lead()
    say(lead, news, True)
    save_purpose(news, name="Letters", wording="May we write to you twice?")
    kept = Consent.objects.get()
    assert (kept.wording, kept.source, kept.is_given) == ("May we write to you?", "phone", True)
    assert news.key == "newsletter"


def test_the_newest_answer_counts_and_the_others_are_history(news: Purpose) -> None:
    lead = a_lead()
    say(lead, news, False, NOW)
    say(lead, news, True, NOW - DAY)
    (answer,) = answers_of(lead)
    assert answer.newest is not None
    assert not answer.newest.is_given
    assert [each.is_given for each in answer.history] == [False, True]


def test_answers_stand_on_the_timeline(news: Purpose) -> None:
    lead = a_lead()
    say(lead, news, True)
    say(lead, news, False)
    kinds = Activity.objects.filter(lead=lead).values_list("kind", flat=True)
    assert set(kinds) == {"consent_given", "consent_withdrawn"}


def test_segments_hear_of_answers(news: Purpose, rita: Member) -> None:
    lead = a_lead()
    drain()
    asked = {"field": "consent.newsletter", "is": "given"}
    segment = create_segment(name="Readers", condition=asked, by=rita, now=timezone.now())
    drain()
    say(lead, news, True)
    drain()
    assert Membership.objects.filter(segment=segment, lead=lead, left_at=None).exists()


def test_many_answers_take_no_more_statements_than_one(news: Purpose) -> None:
    leads = [a_lead() for _ in range(5)]
    rows = [NewConsent(each.pk, news.pk, True, "paper") for each in leads]
    counts = []
    for batch in (rows[:1], rows):
        with CaptureQueriesContext(connection) as seen:
            record_consents(batch, by=None, now=NOW)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_what_cannot_be_right_is_refused(news: Purpose) -> None:
    lead = a_lead()
    with pytest.raises(CannotRecordConsent, match="in the future"):
        say(lead, news, True, NOW + 2 * DAY)
    with pytest.raises(CannotRecordConsent, match="where it was said"):
        record_consents([NewConsent(lead.pk, news.pk, True, " ")], by=None, now=NOW)
    with pytest.raises(CannotRecordConsent, match="no purpose"):
        record_consents([NewConsent(lead.pk, lead.pk, True, "phone")], by=None, now=NOW)
    with pytest.raises(CannotSavePurpose, match="needs a name"):
        save_purpose(Purpose(), name=" ", wording="")


def test_a_retired_purpose_can_only_be_withdrawn(news: Purpose) -> None:
    lead = a_lead()
    say(lead, news, True)
    retire_purpose(news, now=NOW)
    with pytest.raises(CannotRecordConsent, match="not asked for any more"):
        say(lead, news, True)
    say(lead, news, False)
    assert [answer.purpose for answer in answers_of(lead)] == [news]
    assert answers_of(a_lead()) == []


def test_a_rep_writes_down_what_was_said(news: Purpose, rita: Member) -> None:
    lead, browser = a_lead(), client_of(rita)
    address, page = f"/w/acme/leads/{lead.pk}/consents/", f"/w/acme/leads/{lead.pk}/"
    assert "Not asked" in browser.get(page).content.decode()
    typed = {"purpose": news.pk, "is_given": "yes", "source": "in_person"}
    assert browser.post(address, typed)["Location"] == page
    shown = browser.get(page).content.decode()
    assert "May we write to you?" in shown
    assert "Gave consent to “Newsletter”" in shown
    browser.post(address, typed | {"source": "hearsay"})
    assert Consent.objects.get().by == rita


def test_a_marketer_asks_for_a_purpose_and_retires_it(mara: Member) -> None:
    browser: Client = client_of(mara)
    typed = {"name": "Calls", "wording": "May we call?"}
    browser.post("/w/acme/privacy/purposes/add/", typed)
    made = Purpose.objects.get()
    assert "May we call?" in browser.get("/w/acme/privacy/").content.decode()
    browser.post(f"/w/acme/privacy/purposes/{made.pk}/", {"name": "Phone calls", "wording": ""})
    browser.post(f"/w/acme/privacy/purposes/{made.pk}/retire/")
    made.refresh_from_db()
    assert (made.key, made.name, bool(made.retired_at)) == ("calls", "Phone calls", True)
    browser.post(f"/w/acme/privacy/purposes/{made.pk}/restore/")
    wrong = browser.post("/w/acme/privacy/purposes/add/", {"name": "", "wording": ""})
    assert wrong.status_code == 422


def test_an_integration_keeps_the_ledger(ada: Member) -> None:
    api, lead = api_of(a_key(ada)), a_lead()
    made = api.post("/api/v1/purposes/", {"name": "Newsletter", "wording": "May we?"}).json()
    said = {"lead": str(lead.pk), "purpose": made["id"], "is_given": True, "source": "shop"}
    proof = {"order": "4711"}
    answer = api.post("/api/v1/consents/", said | {"proof": proof})
    assert answer.status_code == 201
    assert (answer.json()["wording"], answer.json()["proof"]) == ("May we?", proof)
    listed = api.get(f"/api/v1/consents/?lead={lead.pk}").json()["results"]
    assert [each["source"] for each in listed] == ["shop"]
    assert api.get(f"/api/v1/consents/?lead={a_lead().pk}").json()["results"] == []
    changed = api.patch(f"/api/v1/purposes/{made['id']}/", {"is_retired": True})
    assert changed.json()["retired_at"]
    assert api.post("/api/v1/consents/", said).status_code == 422
    assert api.post("/api/v1/consents/", said | {"given": True}).status_code == 422
