"""Taking leads out of the queue, so that no two reps ever get the same one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from funnel.queries.queue import pool
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member, Role
from leads.actions.standing import assign_leads
from leads.models import Lead, Stage

TRIED_FIRST = 50  # whoever is quicker takes a few of them meanwhile, not all

# Who is being claimed in this moment is passed over, not waited for.
FIRST_FREE = """
SELECT id FROM leads_lead
WHERE workspace_id = %s AND stage = 'mql' AND owner_id IS NULL {among}
ORDER BY {order} LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""


class CannotClaimLead(Conflict):
    """Somebody was quicker, or the lead is not in the queue."""


class CannotHandBack(Refusal):
    """The lead is not this rep's to give back."""


def claim_next(*, by: Member, now: datetime) -> UUID | None:
    """Take the most urgent lead of the pool; None when the pool is empty.

    Urgent is what the queue shows on top: deadline, then class, then score. Any number of reps
    may claim at once, nobody waits and nobody gets what another got.
    """
    preferred = [entry.lead.pk for entry in pool(now=now)[:TRIED_FIRST]]
    with transaction.atomic():
        lead_id = _lock_first(preferred) or _lock_any()
        if lead_id is not None:
            assign_leads([lead_id], owner=by, by=by, now=now)
    return lead_id


def claim_lead(lead: Lead, *, by: Member, now: datetime) -> None:
    """Take one lead of the pool; claiming one's own lead again changes nothing.

    Refuses a lead that somebody else has, naming them, and one that is not an MQL.
    """
    with transaction.atomic():
        fresh = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
        if fresh.owner_id == by.pk:
            return
        if fresh.owner_id is not None:
            sentence = _("%(owner)s was quicker: %(lead)s is claimed already.")
            raise CannotClaimLead(sentence % {"owner": fresh.owner, "lead": fresh})
        if fresh.stage != Stage.MQL:
            sentence = _("%(lead)s is not in the queue: its stage is %(stage)s.")
            values = {"lead": fresh, "stage": fresh.get_stage_display()}
            raise CannotClaimLead(sentence % values)
        assign_leads([fresh.pk], owner=by, by=by, now=now)


def hand_back(lead: Lead, *, by: Member, now: datetime) -> None:
    """Put a claimed lead back into the pool, for others to claim.

    Refuses a rep who gives back what is not theirs; what is in the pool already stays there.
    """
    if lead.owner_id is None:
        return
    if by.role == Role.REP and lead.owner_id != by.pk:
        sentence = _("%(owner)s has %(lead)s; only they or a manager can hand it back.")
        raise CannotHandBack(sentence % {"owner": lead.owner, "lead": lead})
    assign_leads([lead.pk], owner=None, by=by, now=now)


def _lock_first(preferred: Sequence[UUID]) -> UUID | None:
    if not preferred:
        return None
    sql = FIRST_FREE.format(
        among="AND id = ANY(%s::uuid[])", order="array_position(%s::uuid[], id)"
    )
    return _one(sql, [current_workspace_id(), list(preferred), list(preferred)])


def _lock_any() -> UUID | None:
    sql = FIRST_FREE.format(among="", order="stage_entered_at, id")
    return _one(sql, [current_workspace_id()])


def _one(sql: str, params: Sequence[Any]) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    return row[0] if row else None
