"""Taking leads out of the queue, so that no two reps ever get the same one."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member, Role
from leads.actions.standing import assign_leads
from leads.models import Lead, Stage

CLAIMABLE = (Stage.MQL, Stage.SQL)

# Who is being claimed in this moment is passed over, not waited for.
FIRST_FREE = """
SELECT entry.lead_id FROM funnel_queueentry AS entry
JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = entry.lead_id
WHERE entry.workspace_id = %(workspace)s AND entry.owner_id IS NULL
  AND lead.owner_id IS NULL AND lead.stage IN ('mql', 'sql') AND {spared}
ORDER BY entry.due_hour, entry.urgency, entry.value DESC, entry.closeness DESC,
    entry.score DESC, entry.since, entry.id
LIMIT 1 FOR NO KEY UPDATE OF lead SKIP LOCKED
"""

SENT_BACK = """EXISTS (
    SELECT FROM funnel_disposition AS sent
    WHERE sent.workspace_id = %(workspace)s AND sent.lead_id = lead.id
      AND sent.by_id = {member} AND sent.kind IN ('rejected', 'recycled')
      AND sent.qualification_id IS NULL)"""
NOT_BY_ME = f"NOT {SENT_BACK.format(member='%(by)s')}"
BY_EVERYBODY = f"""NOT EXISTS (
    SELECT FROM workspaces_member AS member
    WHERE member.workspace_id = %(workspace)s AND member.left_at IS NULL
      AND member.role = 'rep' AND member.id <> %(by)s
      AND NOT {SENT_BACK.format(member="member.id")})"""


class CannotClaimLead(Conflict):
    """Somebody was quicker, or the lead is not in the queue."""


class CannotHandBack(Refusal):
    """The lead is not this rep's to give back."""


def claim_next(*, by: Member, now: datetime) -> UUID | None:
    """Take the lead on top of the pool; None when there is none for this member.

    The order is the one the queue shows. Any number of reps may claim at once, nobody waits and
    nobody gets what another got. What a rep sent back does not come back to them, unless every
    other rep has sent it back too.
    """
    with transaction.atomic():
        lead_id = _lock_first(NOT_BY_ME, by) or _lock_first(BY_EVERYBODY, by)
        if lead_id is not None:
            assign_leads([lead_id], owner=by, by=by, now=now)
    return lead_id


def claim_lead(lead: Lead, *, by: Member, now: datetime) -> None:
    """Take one lead of the pool; claiming one's own lead again changes nothing.

    Refuses a lead that somebody else has, naming them, and one that is neither MQL nor SQL.
    """
    with transaction.atomic():
        fresh = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
        if fresh.owner_id == by.pk:
            return
        if fresh.owner_id is not None:
            sentence = _("%(owner)s was quicker: %(lead)s is claimed already.")
            raise CannotClaimLead(sentence % {"owner": fresh.owner, "lead": fresh})
        if fresh.stage not in CLAIMABLE:
            sentence = _("%(lead)s is not in the queue: its stage is %(stage)s.")
            values = {"lead": fresh, "stage": fresh.get_stage_display()}
            raise CannotClaimLead(sentence % values)
        assign_leads([fresh.pk], owner=by, by=by, now=now)


def hand_back(lead: Lead, *, by: Member, now: datetime) -> None:
    """Put a claimed lead back into the pool, for others to claim.

    Refuses a rep who gives back what is not theirs; what is in the pool already stays there.
    """
    with transaction.atomic():
        fresh = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
        if fresh.owner_id is None:
            return
        if by.role == Role.REP and fresh.owner_id != by.pk:
            sentence = _("%(owner)s has %(lead)s; only they or a manager can hand it back.")
            raise CannotHandBack(sentence % {"owner": fresh.owner, "lead": fresh})
        assign_leads([fresh.pk], owner=None, by=by, now=now)


def _lock_first(spared: str, by: Member) -> UUID | None:
    found = fetch(FIRST_FREE.format(spared=spared), by=by.pk)
    return found[0][0] if found else None
