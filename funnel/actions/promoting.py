"""The score makes an MQL: leads that meet the published definition enter the queue by rule."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.text import capfirst

from funnel.actions.stages import enter_stage
from funnel.models import Definition, NurturingReturn, StageMove
from funnel.queries.playbooks import cool_off
from leadmgmt.kernel.context import current_workspace_id
from leads.conditions import Sql, parse, read_aloud
from leads.models import Lead, Stage

ALL_LEADS = Sql("leads_lead")

# Who asked to be left alone until a day is left alone until that day, and whom a colleague has
# sent back by hand is not brought again by rule for a while.
MEETING = """
SELECT lead.id FROM {leads} AS lead
WHERE lead.workspace_id = %s AND lead.stage IN ('lead', 'nurturing') AND {among} AND ({condition})
  AND NOT EXISTS (
    SELECT FROM funnel_nurturingreturn AS agreed
    WHERE agreed.workspace_id = lead.workspace_id AND agreed.lead_id = lead.id
      AND agreed.is_agreed AND agreed.ended_at IS NULL
  )
  AND NOT EXISTS (
    SELECT FROM funnel_stagemove AS sent
    WHERE sent.workspace_id = lead.workspace_id AND sent.lead_id = lead.id
      AND sent.by_id IS NOT NULL AND sent.moved_at = lead.stage_entered_at
      AND sent.moved_at > %s
  )
"""


def promote_qualified(
    lead_ids: Sequence[UUID] | None, *, now: datetime, spares: str = ""
) -> tuple[UUID, ...]:
    """Make MQLs of those among these leads (None: of all) that meet the published definition.

    Returns who became one. `spares`: what is not to follow from it, by name (StagesEntered).

    Looks at leads in the stages lead and nurturing. A lead in nurturing comes back this way when
    its score says so, unless it named a day itself; whom a colleague has sent back by hand cools
    off for as long as the playbook says. Each move is stamped with the definition.
    """
    with transaction.atomic():
        definition = Definition.objects.published().filter(stage=Stage.MQL).first()
        if definition is None or not definition.condition:
            return ()
        meeting = who_meets(definition.condition, now=now, among=lead_ids)
        reason = capfirst(read_aloud(parse(definition.condition, is_stored=True)))
        return enter_stage(
            meeting,
            stage=Stage.MQL,
            reason=reason,
            definition=definition,
            now=now,
            spares=spares,
        )


def who_meets(
    tree: dict[str, object],
    *,
    now: datetime,
    among: Sequence[UUID] | None = None,
    leads: Sql = ALL_LEADS,
) -> list[UUID]:
    """The leads, of all or `among` some, that a definition with this condition would promote.

    `leads`: a relation with the columns of leads_lead, such as leads as they would be.
    """
    where = parse(tree, is_stored=True).where(now, among=among)
    chosen = "TRUE" if among is None else "lead.id = ANY(%s::uuid[])"
    sql = MEETING.format(leads=leads.text, among=chosen, condition=where.text)
    chosen_ids = [] if among is None else [list(among)]
    params = [*leads.params, current_workspace_id(), *chosen_ids, *where.params, now - cool_off()]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def waits_of(lead: Lead, *, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Until when the rule leaves this lead alone: the day it named, the end of its cooling off."""
    cooling = cool_off()
    agreed = NurturingReturn.objects.filter(lead=lead, is_agreed=True, ended_at=None)
    sent = StageMove.objects.filter(
        lead=lead,
        by__isnull=False,
        moved_at=lead.stage_entered_at,
        moved_at__gt=now - cooling,
    )
    moved_at = sent.values_list("moved_at", flat=True).first()
    return agreed.values_list("due_at", flat=True).first(), moved_at and moved_at + cooling
