"""Handing a lead to a colleague, with a word."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.holding import require_claim
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.models import Member, Role
from leads.actions.standing import assign_leads
from leads.models import Lead

SELLERS = (Role.ADMIN, Role.MANAGER, Role.REP)
LONGEST_WORD = 200


class CannotHandOver(Refusal):
    """The colleague does not sell, has left, or has the lead already."""


def hand_over(lead: Lead, *, to: Member, by: Member | None, now: datetime, word: str = "") -> None:
    """Give a lead to a colleague, who gets a notice with the word.

    Refuses a rep who hands over what is not theirs, and somebody who does not sell or has left.
    Handing it to who has it already changes nothing.
    """
    if to.left_at is not None or to.role not in SELLERS:
        sentence = _("%(name)s does not work the queue; choose a rep or a manager.")
        raise CannotHandOver(sentence % {"name": to.name}, field="to")
    with transaction.atomic():
        fresh: Lead = (
            Lead.objects.select_for_update(no_key=True, of=("self",))
            .select_related("owner")
            .get(pk=lead.pk)
        )
        if fresh.owner_id == to.pk:
            return
        require_claim(fresh, by)
        word = word.strip()[:LONGEST_WORD]
        assign_leads([fresh.pk], owner=to, by=by, now=now, word=word)
        give_notices([_notice(fresh, to, by, word, now)], now=now)


def _notice(lead: Lead, to: Member, by: Member | None, word: str, now: datetime) -> NewNotice:
    told = {"by": by.name if by else _("An integration"), "lead": lead, "word": word}
    text = _("%(by)s hands you %(lead)s: %(word)s") if word else _("%(by)s hands you %(lead)s.")
    key = f"handed:{lead.pk}:{now.isoformat()}"
    return NewNotice(to.pk, "handed", text % told, f"queue/?lead={lead.pk}", key)
