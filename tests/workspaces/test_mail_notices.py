"""Notices by email: for who wants it, in one letter, and never twice."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from leadmgmt.workspaces.actions.mailing import claim_unmailed, want_mail
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices, see_notices
from leadmgmt.workspaces.jobs import mail_notices
from leadmgmt.workspaces.models import Member, Notice
from tests.clients import client_of

GIVEN = timezone.now()
RIPE = GIVEN + timedelta(minutes=6)


def give(member: Member, *keys: str) -> None:
    rows = [NewNotice(member.pk, "mention", f"Rob named you {key}", "tasks/", key) for key in keys]
    give_notices(rows, now=GIVEN)


@pytest.fixture
def keen(rita: Member) -> Member:
    want_mail(rita, is_wanted=True)
    return rita


def test_what_was_not_seen_comes_in_one_letter(
    keen: Member, mailoutbox: list[EmailMessage]
) -> None:
    give(keen, "1", "2")
    assert mail_notices(now=RIPE) == 1
    (letter,) = mailoutbox
    assert letter.to == [keen.user.email]
    assert "2 notices" in letter.subject
    assert letter.body.index("named you 1") < letter.body.index("named you 2")
    assert "/w/acme/tasks/" in letter.body


def test_nobody_gets_a_notice_twice(keen: Member, mailoutbox: list[EmailMessage]) -> None:
    give(keen, "1")
    for _ in range(3):
        mail_notices(now=RIPE)
    assert len(mailoutbox) == 1
    assert Notice.objects.get().mailed_at == RIPE


def test_who_does_not_want_mail_gets_none(
    keen: Member, rob: Member, mailoutbox: list[EmailMessage]
) -> None:
    give(rob, "1")
    give(keen, "2")
    want_mail(keen, is_wanted=False)
    assert mail_notices(now=RIPE) == 0
    assert not mailoutbox


def test_what_was_seen_is_not_mailed_and_what_is_fresh_waits(
    keen: Member, mailoutbox: list[EmailMessage]
) -> None:
    give(keen, "1")
    assert mail_notices(now=GIVEN + timedelta(minutes=4)) == 0
    see_notices(keen, now=GIVEN)
    assert mail_notices(now=RIPE) == 0
    assert not mailoutbox


def test_who_has_left_gets_none(keen: Member, mailoutbox: list[EmailMessage]) -> None:
    give(keen, "1")
    Member.objects.filter(pk=keen.pk).update(left_at=GIVEN)
    assert mail_notices(now=RIPE) == 0


def test_what_is_old_is_not_mailed_after_a_pause(keen: Member) -> None:
    give(keen, "1")
    assert mail_notices(now=GIVEN + timedelta(days=2)) == 0


class Trouble(EmailBackend):
    """A server that fails as it is told to."""

    problem: Exception = OSError()

    def send_messages(self, messages: Any) -> int:
        """Fail."""
        raise self.problem


@pytest.mark.parametrize(
    ("problem", "is_tried_again"),
    [(ConnectionRefusedError(), True), (SMTPServerDisconnected(), False), (TimeoutError(), False)],
)
def test_only_what_certainly_did_not_go_is_tried_again(
    keen: Member, settings: Any, monkeypatch: Any, problem: Exception, is_tried_again: bool
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Trouble"
    monkeypatch.setattr(Trouble, "problem", problem)
    give(keen, "1")
    assert mail_notices(now=RIPE) == 0
    assert (Notice.objects.get().mailed_at is None) is is_tried_again


def test_a_crash_before_the_letter_sends_nothing_twice(
    keen: Member, mailoutbox: list[EmailMessage]
) -> None:
    give(keen, "1")
    assert len(claim_unmailed(now=RIPE)) == 1
    assert mail_notices(now=RIPE) == 0
    assert not mailoutbox


def test_the_page_of_notices_switches_it(rita: Member) -> None:
    browser, page = client_of(rita), "/w/acme/notices/"
    assert "Nothing is mailed to you" in browser.get(page).content.decode()
    browser.post(f"{page}mail/", {"wanted": "yes"})
    assert "is mailed to" in browser.get(page).content.decode()
    browser.post(f"{page}mail/", {"wanted": "no"})
    rita.refresh_from_db()
    assert rita.wants_mail is False
