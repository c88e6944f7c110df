"""Who may work on a lead."""

from uuid import UUID

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member, Role
from leads.models import Lead, Stage

IN_QUEUE = (Stage.MQL, Stage.SQL)


class CannotWorkLead(Refusal):
    """The lead is in somebody else's hands."""


class NotInQueue(Conflict):
    """The lead has left the queue meanwhile."""


def id_of(by: Member | None) -> UUID | None:
    """Who did it, as a row keeps it; an integration is nobody."""
    return by.pk if by else None


def require_hold(lead: Lead, by: Member | None) -> None:
    """Refuse a rep who works on somebody else's lead; an integration (`by` None) may."""
    if by is None or by.role != Role.REP or lead.owner_id in (None, by.pk):
        return
    sentence = _("%(owner)s has %(lead)s. Ask for it to be handed over first.")
    raise CannotWorkLead(sentence % {"owner": lead.owner, "lead": lead})


def require_claim(lead: Lead, by: Member | None) -> None:
    """As `require_hold`; and what is in the pool has to be claimed by a rep who works on it."""
    require_hold(lead, by)
    if by and by.role == Role.REP and lead.owner_id is None and lead.stage in IN_QUEUE:
        sentence = _("Nobody has %(lead)s yet. Claim the lead first, so that nobody else calls.")
        raise CannotWorkLead(sentence % {"lead": lead})


def locked_in_queue(lead: Lead, by: Member | None) -> Lead:
    """The lead as it is now, locked; refuses one that has left the queue, and others' leads."""
    fresh: Lead = (
        Lead.objects.select_for_update(no_key=True, of=("self",))
        .select_related("owner")
        .get(pk=lead.pk)
    )
    require_claim(fresh, by)
    if fresh.stage not in IN_QUEUE:
        sentence = _("%(lead)s is not in the queue any more: its stage is %(stage)s.")
        raise NotInQueue(sentence % {"lead": fresh, "stage": fresh.get_stage_display()})
    return fresh
