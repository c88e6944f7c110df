"""Moving leads from stage to stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from funnel.actions.holding import id_of, require_hold
from funnel.actions.leaving import CannotMoveLead, require_move
from funnel.actions.returns import end_returns, plan_returns
from funnel.events import StagesEntered
from funnel.models import Definition
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.events import publish
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.actions.standing import Placed, place_leads
from leads.kinds import Kind
from leads.models import Lead, Stage

REASON_LENGTH = 300

WRITE = """
INSERT INTO funnel_stagemove
    (workspace_id, lead_id, from_stage, to_stage, moved_at, by_id, definition_id, reason,
     exit_reason, cycle)
SELECT %s, lead_id, from_stage, %s, %s, %s, %s, %s, %s, cycle
FROM unnest(%s::uuid[], %s::text[], %s::int[]) AS placed (lead_id, from_stage, cycle)
"""


@dataclass(frozen=True)
class Cause:
    """Why leads move, and who or what moves them."""

    reason: str
    by: Member | None = None
    definition: Definition | None = None
    exit_reason: str = ""


def enter_stage(
    lead_ids: Sequence[UUID],
    *,
    stage: str,
    reason: str,
    now: datetime,
    by: Member | None = None,
    definition: Definition | None = None,
    return_on: date | None = None,
    is_agreed: bool = False,
    is_quiet: bool = False,
    spares: str = "",
    exit_reason: str = "",
) -> tuple[UUID, ...]:
    """Move leads into `stage`; the ids of those that moved (who is there already stays).

    Set-wise, and without questions: `move_lead` asks them. Writes the moves, the leads' standing
    with that of their companies, and the timelines. Whoever enters nurturing gets a day to come
    back: `return_on`, or the standard one. `spares`: see StagesEntered. `exit_reason`: chosen from
    the list of the stage they leave.
    """
    cause = Cause(reason[:REASON_LENGTH], by, definition, exit_reason)
    with transaction.atomic():
        placed = place_leads(dict.fromkeys(lead_ids, stage), now=now)
        moved = tuple(each.lead_id for each in placed)
        if moved:
            _keep_returns(moved, stage, return_on=return_on, is_agreed=is_agreed, now=now)
            _write_moves(placed, stage, cause, now=now)
            _record_moves(placed, cause, now=now, is_quiet=is_quiet)
            publish(StagesEntered(moved, stage=stage, is_quiet=is_quiet, spares=spares))
    return moved


def move_lead(
    lead: Lead,
    *,
    stage: str,
    reason: str,
    by: Member | None,
    now: datetime,
    return_on: date | None = None,
    exit_reason: str = "",
) -> None:
    """Move one lead by hand, with a reason: one of the stage's `exit_reason`s, words, or both.

    Refuses a move without a reason, of somebody else's lead by a rep, and what the definitions
    of the two stages do not allow (see `leaving.require_move`).
    """
    require_hold(lead, by)
    is_elsewhere = lead.stage != stage
    if is_elsewhere:
        require_move(lead, stage, exit_reason=exit_reason, now=now)
    said = ": ".join(each for each in (exit_reason, reason.strip()) if each)
    if not said:
        raise CannotMoveLead(_("Say why, so that others can follow."), field="reason")
    enter_stage(
        [lead.pk] if is_elsewhere else [],
        stage=stage,
        reason=said,
        by=by,
        now=now,
        return_on=return_on,
        exit_reason=exit_reason,
    )


def _keep_returns(
    moved: Sequence[UUID], stage: str, *, return_on: date | None, is_agreed: bool, now: datetime
) -> None:
    end_returns(moved, now=now)
    if stage == Stage.NURTURING:
        plan_returns(moved, return_on=return_on, is_agreed=is_agreed, now=now)


def _write_moves(placed: Sequence[Placed], stage: str, cause: Cause, *, now: datetime) -> None:
    values: list[Any] = [
        current_workspace_id(),
        stage,
        now,
        id_of(cause.by),
        cause.definition and cause.definition.pk,
        cause.reason,
        cause.exit_reason,
        [each.lead_id for each in placed],
        [each.from_stage for each in placed],
        [each.cycle for each in placed],
    ]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)


def _record_moves(placed: Sequence[Placed], cause: Cause, *, now: datetime, is_quiet: bool) -> None:
    common = {"reason": cause.reason}
    if cause.definition:
        common["definition"] = str(cause.definition)
    rows = [
        NewActivity(
            kind=Kind.STAGE_ENTERED,
            occurred_at=now,
            lead_id=each.lead_id,
            properties={"from": each.from_stage, "to": each.to_stage, **common},
            by_id=id_of(cause.by),
        )
        for each in placed
    ]
    record_activities(rows, now=now, is_quiet=is_quiet)
