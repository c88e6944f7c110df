"""What is being sold: where each deal stands, how it came there, and what comes next.

Dice of its own: one more stage changes nobody's story.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from funnel.models import CloseReason, Deal, DealChange, PipelineStage
from leadmgmt.demo.chance import Dice
from leadmgmt.kernel.sql import execute
from leadmgmt.kernel.strict import as_jsonb

SEED = 61
DAY = timedelta(days=1)
NEXT_STEPS = (
    "Send the revised offer", "Demo for the planners", "Call the purchasing department",
    "Meet the managing director", "Answer their questions about the rollout", "Wait for signature",
)  # fmt: skip
REASON_OF = {"No budget this year": "No budget", "Project was stopped": "Nobody decided"}

PLACE = """
UPDATE funnel_deal AS deal SET stage_id = row.stage, stage_entered_at = row.entered_at,
    next_step = row.next_step, next_step_on = row.next_step_on, probability = row.probability,
    close_reason_id = row.close_reason
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(id uuid, stage uuid, entered_at timestamptz,
    next_step text, next_step_on date, probability int, close_reason uuid)
WHERE deal.workspace_id = %(workspace)s AND deal.id = row.id
"""


def place_deals(now: datetime) -> None:
    """Put open deals further the older they are; closed ones stand where they were decided."""
    dice = Dice(SEED)
    stages = list(PipelineStage.objects.order_by("position"))
    reasons = {(each.status, each.name): each.pk for each in CloseReason.objects.all()}
    rows: list[dict[str, Any]] = []
    moves: list[DealChange] = []
    for deal in Deal.objects.order_by("opened_at", "id"):
        reached = _reached(deal, now, dice)
        entered = _walk(deal, stages[: reached + 1], deal.closed_at or now, moves)
        why = REASON_OF.get(deal.reason, deal.reason)
        row: dict[str, Any] = {"id": deal.pk, "stage": stages[reached].pk, "entered_at": entered}
        row["close_reason"] = reasons.get((deal.status, why))
        rows.append(row | _plans(deal, now, dice))
    execute(PLACE, rows=as_jsonb(rows))
    DealChange.objects.bulk_create(moves)


def _reached(deal: Deal, now: datetime, dice: Dice) -> int:
    if deal.status == "won":
        return 3
    if deal.status == "lost":
        return dice.choice((0, 1, 1, 2, 2, 3))
    return min(3, int((now - deal.opened_at) / DAY // 9))


def _walk(
    deal: Deal, stages: list[PipelineStage], until: datetime, moves: list[DealChange]
) -> datetime:
    """Through the stages at an even pace; when it entered the last one."""
    pace = (until - deal.opened_at) / (len(stages) + 1)
    for nth, (old, new) in enumerate(pairwise(stages), start=1):
        by: UUID | None = deal.owner_id
        at = deal.opened_at + nth * pace
        moves.append(
            DealChange(
                deal=deal, field="stage", old=old.name, new=new.name, by_id=by, changed_at=at
            )
        )
    entered: datetime = deal.opened_at + (len(stages) - 1) * pace
    return entered


def _plans(deal: Deal, now: datetime, dice: Dice) -> dict[str, Any]:
    if deal.status != "open" or dice.is_so(0.2):
        return {"next_step": "", "next_step_on": None, "probability": None}
    on = (now + dice.randrange(-2, 12) * DAY).date()
    own = dice.choice((25, 50, 75)) if dice.is_so(0.1) else None
    return {"next_step": dice.choice(NEXT_STEPS), "next_step_on": on, "probability": own}
