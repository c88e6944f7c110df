"""Notices: given once, counted by the bell, seen."""

import pytest
from django.test import Client
from django.utils import timezone

from leadmgmt.workspaces.actions.notices import NewNotice, give_notices, see_notices
from leadmgmt.workspaces.models import Member, Notice
from tests.clients import client_of


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def given(member: Member, key: str = "1", text: str = "Rob named you") -> None:
    row = NewNotice(member.pk, "mention", text, "leads/", key)
    give_notices([row, row], now=timezone.now())


def test_the_same_notice_is_given_once(rita: Member) -> None:
    given(rita)
    given(rita)
    assert Notice.objects.count() == 1


def test_a_long_text_is_cut_with_a_sign(rita: Member) -> None:
    given(rita, text="x" * 400)
    assert Notice.objects.get().text.endswith("…")


def test_the_bell_counts_what_was_not_seen(browser: Client, rita: Member, rob: Member) -> None:
    given(rita, "1")
    given(rita, "2")
    given(rob, "3")
    assert "2 notices not seen" in browser.get("/w/acme/leads/").content.decode()
    see_notices(rita, now=timezone.now())
    assert "not seen" not in browser.get("/w/acme/leads/").content.decode()


def test_opening_a_notice_sees_it_and_leads_on(browser: Client, rita: Member) -> None:
    given(rita)
    notice = Notice.objects.get()
    answer = browser.post(f"/w/acme/notices/{notice.pk}/")
    assert answer["Location"] == "/w/acme/leads/"
    notice.refresh_from_db()
    assert notice.seen_at


def test_all_are_seen_at_once(browser: Client, rita: Member, rob: Member) -> None:
    given(rita)
    given(rob)
    browser.post("/w/acme/notices/seen/")
    assert Notice.objects.get(seen_at=None).member == rob


def test_anothers_notices_are_not_there(browser: Client, rob: Member) -> None:
    given(rob)
    assert "Rob named you" not in browser.get("/w/acme/notices/").content.decode()
    assert browser.post(f"/w/acme/notices/{Notice.objects.get().pk}/").status_code == 404
