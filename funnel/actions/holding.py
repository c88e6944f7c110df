"""Who may work on a lead."""

from uuid import UUID

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member, Role
from leads.models import Lead


class CannotWorkLead(Refusal):
    """The lead is in somebody else's hands."""


def id_of(by: Member | None) -> UUID | None:
    """Who did it, as a row keeps it; an integration is nobody."""
    return by.pk if by else None


def require_hold(lead: Lead, by: Member | None) -> None:
    """Refuse a rep who works on somebody else's lead; an integration (`by` None) may."""
    if by is None or by.role != Role.REP or lead.owner_id in (None, by.pk):
        return
    sentence = _("%(owner)s has %(lead)s. Ask for it to be handed over first.")
    raise CannotWorkLead(sentence % {"owner": lead.owner, "lead": lead})
