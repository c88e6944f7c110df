"""Leads whose day has come leave nurturing."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from funnel.actions.returns import end_returns
from funnel.actions.stages import enter_stage
from leadmgmt.kernel.context import current_workspace_id
from leads.models import Stage

LEADS_PER_ROUND = 1_000

CLAIM = """
SELECT due.lead_id, lead.stage, lead.highest_stage
FROM funnel_nurturingreturn AS due
JOIN leads_lead AS lead ON lead.workspace_id = due.workspace_id AND lead.id = due.lead_id
WHERE due.workspace_id = %s AND due.ended_at IS NULL AND due.due_at <= %s
ORDER BY due.due_at LIMIT %s FOR NO KEY UPDATE OF due SKIP LOCKED
"""


def bring_back(*, now: datetime) -> int:
    """Bring back who is due, up to a thousand leads; the number of leads looked after.

    Who has been an MQL before goes straight to the queue, to the rep who knows them: the day was
    a promise. Others become leads again, and their score decides.
    """
    with transaction.atomic():
        due = _claim(now)
        end_returns([lead_id for lead_id, *_rest in due], now=now)
        waiting = [(lead_id, highest) for lead_id, stage, highest in due if stage == "nurturing"]
        known = [lead_id for lead_id, highest in waiting if highest != Stage.LEAD]
        fresh = [lead_id for lead_id, highest in waiting if highest == Stage.LEAD]
        reason = _("The day to come back has come.")
        enter_stage(known, stage=Stage.MQL, reason=reason, now=now)
        enter_stage(fresh, stage=Stage.LEAD, reason=reason, now=now)
    return len(due)


def _claim(now: datetime) -> list[tuple[UUID, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [current_workspace_id(), now, LEADS_PER_ROUND])
        return cursor.fetchall()
