"""What readers do with a message: open it, click in it, unsubscribe."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from capture.machines import is_machine
from leads.actions.activities import NewActivity, record_activities
from leads.actions.editing import change_lead
from leads.actions.judging import judge_machine
from leads.actions.profiles import Door
from leads.kinds import Kind
from leads.models import Via
from nurturing.actions.enrolling import end_enrolments, withhold_planned
from nurturing.actions.settling import CannotSettleMessage, confirm_arrived
from nurturing.models import (
    Enrolment,
    EnrolmentState,
    LeavingReason,
    Link,
    Message,
    MessageState,
    Suppression,
    SuppressionReason,
)
from nurturing.tokens import Subject

SOON = timedelta(seconds=60)
"""Who follows every link of a message this soon is a scanner in front of the mailbox."""

MACHINE, EARLY, LATE = "machine", "early", "late"

SCANNERS = re.compile(
    "barracuda|bitdefender|cloudmark|fireeye|forcepoint|ironport|mimecast|proofpoint|safelinks"
    "|sophos|symantec|trendmicro|zscaler",
    re.IGNORECASE,
)
"""Products that read mail before its reader does, where they say who they are."""


@dataclass(frozen=True)
class Visit:
    """How somebody, or something, came to one of a message's addresses."""

    method: str
    user_agent: str

    @property
    def is_machine(self) -> bool:
        """Does it say so itself? Browsers do not send HEAD and do have a name."""
        name = self.user_agent
        return self.method != "GET" or is_machine(name) or SCANNERS.search(name) is not None


def open_message(about: Subject, visit: Visit, *, now: datetime) -> bool:
    """Note that the message was opened; False if there is no such message."""
    message = Message.objects.filter(pk=about.message_id).first()
    if message is None:
        return False
    with transaction.atomic():
        _resolve_doubt(message, now)
        visited = _sort_of(message, now, is_machine=visit.is_machine)
        if visited != MACHINE:
            Message.objects.filter(pk=message.pk, opened_at=None).update(opened_at=now)
        _record(Kind.MESSAGE_OPENED, message, visited, now=now)
    return True


def click_link(about: Subject, visit: Visit, *, now: datetime) -> str | None:
    """Note the click and answer where the link leads; None if there is no such link."""
    found = Link.objects.filter(message=about.message_id, number=about.link)
    link = found.select_related("message").first()
    if link is None:
        return None
    with transaction.atomic():
        _resolve_doubt(link.message, now)
        visited = _sort_of(link.message, now, is_machine=visit.is_machine)
        _record(Kind.MESSAGE_CLICKED, link.message, visited, now=now, link=link)
        if visited != MACHINE:
            _note_click(link, now)
        if visited == EARLY:
            _take_back_if_all_followed(link.message)
    return str(link.target)


def unsubscribe(about: Subject, *, now: datetime) -> Message | None:
    """Write no more to the reader of this message; twice is once. None if there is none."""
    message = Message.objects.filter(pk=about.message_id).select_related("lead").first()
    if message is None:
        return None
    with transaction.atomic():
        by_link = Door(Via.TRACKING)
        change_lead(message.lead, changes={"do_not_email": True}, now=now, door=by_link)
        _suppress({message.to.lower(), message.lead.email.lower()}, now)
        theirs = Enrolment.objects.filter(lead=message.lead_id, state=EnrolmentState.RUNNING)
        end_enrolments(theirs, reason=LeavingReason.UNSUBSCRIBED, now=now)
        withhold_planned([message.lead_id], why=str(LeavingReason.UNSUBSCRIBED.label))
        Message.objects.filter(pk=message.pk, unsubscribed_at=None).update(unsubscribed_at=now)
        _record(Kind.UNSUBSCRIBED, message, LATE, now=now)
    return message


def _resolve_doubt(message: Message, now: datetime) -> None:
    """Whoever has it in their hands proves that it arrived; so may two at once."""
    if message.state == MessageState.UNCERTAIN:
        with suppress(CannotSettleMessage):
            confirm_arrived(message, by=None, now=now)


def _take_back_if_all_followed(message: Message) -> None:
    """Every link of several, so soon: it was no person who opened and clicked."""
    links = list(Link.objects.filter(message=message))
    is_sweep = len(links) > 1 and all(each.clicked_at for each in links)
    if message.sent_at is None or not is_sweep:
        return
    Link.objects.filter(message=message).update(clicked_at=None)
    Message.objects.filter(pk=message.pk).update(clicked_at=None, opened_at=None)
    keys = [_key(Kind.MESSAGE_CLICKED, message, each.number, EARLY) for each in links]
    keys.append(_key(Kind.MESSAGE_OPENED, message, 0, EARLY))
    judge_machine(message.lead_id, keys=keys, since=message.sent_at)


def _note_click(link: Link, now: datetime) -> None:
    """A click is an opening too, though images may be off."""
    Link.objects.filter(pk=link.pk, clicked_at=None).update(clicked_at=now)
    Message.objects.filter(pk=link.message_id, clicked_at=None).update(clicked_at=now)
    Message.objects.filter(pk=link.message_id, opened_at=None).update(opened_at=now)


def _suppress(emails: Iterable[str], now: datetime) -> None:
    rows = [
        Suppression(email=email, reason=SuppressionReason.UNSUBSCRIBED, suppressed_at=now)
        for email in emails
        if email
    ]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)


def _record(
    kind: Kind, message: Message, visit: str, *, now: datetime, link: Link | None = None
) -> None:
    """One fact per message and link for each sort of visit."""
    said = {"message_id": str(message.pk), "subject": message.subject}
    fact = NewActivity(
        kind=kind,
        occurred_at=now,
        lead_id=message.lead_id,
        properties=said | {"url": link.target} if link else said,
        key=_key(kind, message, link.number if link else 0, visit),
        is_machine=visit == MACHINE,
    )
    record_activities([fact], now=now)


def _key(kind: Kind, message: Message, number: int, visit: str) -> str:
    return f"{kind}:{message.pk}:{number}:{visit}"


def _sort_of(message: Message, now: datetime, *, is_machine: bool) -> str:
    """Early visits have keys of their own: their verdict may be taken back."""
    if is_machine or message.sent_at is None:
        return MACHINE
    return EARLY if now - message.sent_at <= SOON else LATE
