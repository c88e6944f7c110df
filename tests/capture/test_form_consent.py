"""The box of a form that names a purpose: each tick is a row of the ledger of consents."""

from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from capture.actions.submitting import accept_submission
from capture.models import Form, Submission, Verdict
from capture.verdicts import stamp_for
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.consents import retire_purpose, save_purpose
from leads.models import Consent, Purpose
from tests.builders import a_form
from tests.capture.test_submit_form import ANSWER, post
from tests.clients import client_of

WORDS = "Yes, write to me once a month."


@pytest.fixture(autouse=True)
def _no_knocks_before() -> None:
    cache.clear()


@pytest.fixture
def letters(acme: Workspace) -> Purpose:
    return save_purpose(Purpose(), name="Newsletter", wording="May we write to you?")


@pytest.fixture
def form(letters: Purpose) -> Form:
    return a_form(consent=WORDS, purpose=letters)


def test_a_ticked_box_is_consent_in_the_words_that_were_shown(form: Form, letters: Purpose) -> None:
    post(form, ANSWER | {"_consent": "on"})
    said, answer = Consent.objects.get(), Submission.objects.get()
    assert (said.lead_id, said.purpose, said.is_given) == (answer.lead_id, letters, True)
    assert (said.wording, said.source) == (WORDS, "website")
    assert said.occurred_at == answer.received_at
    assert said.proof["submission"] == str(answer.pk)


def test_a_box_that_is_not_ticked_keeps_the_answer_out(form: Form) -> None:
    assert post(form, ANSWER).status_code == 422
    assert not Consent.objects.exists()


def test_a_double_click_is_one_consent(form: Form) -> None:
    twice = ANSWER | {"_consent": "on", "_stamp": stamp_for(form.token, 0)}
    for _ in range(2):
        post(form, twice)
    assert Consent.objects.count() == 1


def test_a_form_without_purpose_writes_nothing_into_the_ledger(letters: Purpose) -> None:
    post(a_form(consent=WORDS), ANSWER | {"_consent": "on"})
    assert Submission.objects.get().consent == WORDS
    assert not Consent.objects.exists()


def test_a_retired_purpose_is_not_given_any_more(form: Form, letters: Purpose) -> None:
    retire_purpose(letters, now=timezone.now())
    assert post(form, ANSWER | {"_consent": "on"}).status_code == 303
    assert Submission.objects.get().lead is not None
    assert not Consent.objects.exists()


def test_spam_gives_consent_when_it_turns_out_to_be_none(form: Form) -> None:
    kept = Submission.objects.create(
        form=form, token="s", values={"email": "a@b.example"}, consent=WORDS, verdict=Verdict.SPAM
    )
    assert not Consent.objects.exists()
    accept_submission(kept, now=timezone.now())
    assert Consent.objects.get().wording == WORDS


def _edited(mara: Member, form: Form, **said: Any) -> Any:
    data = {"name": "F", "button": "Go", "thanks": "Thanks", "is_active": "on"}
    data |= {"q-email-order": "1", "q-email-required": "on"}
    return client_of(mara).post(workspace_reverse("capture:form_edit", id=form.pk), data | said)


def test_a_purpose_lends_its_words_to_an_empty_box(mara: Member, letters: Purpose) -> None:
    form = a_form()
    assert _edited(mara, form, purpose=str(letters.pk)).status_code == 302
    form.refresh_from_db()
    assert (form.purpose, form.consent) == (letters, "May we write to you?")


def test_a_purpose_without_words_asks_for_them(mara: Member, acme: Workspace) -> None:
    silent = save_purpose(Purpose(), name="Calls", wording="")
    answer = _edited(mara, a_form(), purpose=str(silent.pk))
    assert answer.status_code == 422
    assert "Write the sentence people agree to" in answer.content.decode()
