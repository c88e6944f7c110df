"""What is found out about messages that are uncertain or have failed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Conflict
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from nurturing.bell import wake_on_commit
from nurturing.models import Message, MessageState


class CannotSettleMessage(Conflict):
    """The message is not in doubt, or its fate is known."""


def confirm_arrived(message: Message, *, by: Member | None, now: datetime) -> None:
    """An uncertain message did arrive: somebody says so, or (by nobody) it has been opened."""
    how = _("%s says it arrived.") % by if by else _("It was opened, so it arrived.")
    with transaction.atomic():
        _take(message, MessageState.UNCERTAIN)
        sent_at = message.claimed_at or now
        Message.objects.filter(pk=message.pk).update(
            state=MessageState.SENT, sent_at=sent_at, problem=how
        )
        message.state, message.sent_at = MessageState.SENT, sent_at
        fact = NewActivity(
            kind=Kind.MESSAGE_SENT,
            occurred_at=sent_at,
            lead_id=message.lead_id,
            properties={"subject": message.subject, "message_id": str(message.pk)},
            key=f"{Kind.MESSAGE_SENT}:{message.pk}",
            by_id=by.pk if by else None,
        )
        record_activities([fact], now=now)


def send_again(message: Message, *, by: Member, now: datetime) -> None:
    """Somebody takes it on themselves that a failed or uncertain message has not arrived.

    Only a person may: by itself nothing in doubt is ever sent again.
    """
    with transaction.atomic():
        _take(message, MessageState.UNCERTAIN, MessageState.FAILED)
        Message.objects.filter(pk=message.pk).update(
            state=MessageState.PLANNED,
            due_at=now,
            attempts=0,
            problem=_("%s has it sent again.") % by,
        )
        wake_on_commit()


def _take(message: Message, *states: MessageState) -> None:
    found = Message.objects.select_for_update().filter(pk=message.pk, state__in=states).first()
    if found is None:
        raise CannotSettleMessage(_("What became of this message is known by now; look again."))
