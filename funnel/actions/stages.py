"""Moving leads from stage to stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from funnel.actions.holding import id_of, require_hold
from funnel.actions.returns import end_returns, plan_returns
from funnel.events import StagesEntered
from funnel.models import Deal, Definition, Outcome, Qualification
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.actions.standing import Placed, place_leads
from leads.kinds import Kind
from leads.models import Lead, Stage

REASON_LENGTH = 300

WRITE = """
INSERT INTO funnel_stagemove
    (workspace_id, lead_id, from_stage, to_stage, moved_at, by_id, definition_id, reason, cycle)
SELECT %s, lead_id, from_stage, %s, %s, %s, %s, %s, cycle
FROM unnest(%s::uuid[], %s::text[], %s::int[]) AS placed (lead_id, from_stage, cycle)
"""


@dataclass(frozen=True)
class Cause:
    """Why leads move, and who or what moves them."""

    reason: str
    by: Member | None = None
    definition: Definition | None = None


class CannotMoveLead(Refusal):
    """The lead may not go there, or not like this."""


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
) -> tuple[UUID, ...]:
    """Move leads into `stage`; the ids of those that moved (who is there already stays).

    Set-wise, and without questions: `move_lead` asks them. Writes the moves, the leads' standing
    with that of their companies, and the timelines. Whoever enters nurturing gets a day to come
    back: `return_on`, or the standard one. `spares`: see StagesEntered.
    """
    cause = Cause(reason[:REASON_LENGTH], by, definition)
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
) -> None:
    """Move one lead by hand, with a reason.

    Refuses a move without a reason, of somebody else's lead by a rep, to SQL without a positive
    qualification (unless the definition waives it) and to customer without a won deal.
    """
    require_hold(lead, by)
    if not reason.strip():
        raise CannotMoveLead(_("Say why, so that others can follow."), field="reason")
    if lead.stage == stage:
        return
    if stage == Stage.SQL:
        _require_qualification(lead)
    if stage == Stage.CUSTOMER and not Deal.objects.won().filter(lead=lead).exists():
        sentence = _("%(lead)s has bought nothing yet. Win a deal, and the lead is a customer.")
        raise CannotMoveLead(sentence % {"lead": lead}, field="stage")
    enter_stage([lead.pk], stage=stage, reason=reason, by=by, now=now, return_on=return_on)


def _require_qualification(lead: Lead) -> None:
    rule = Definition.objects.published().filter(stage=Stage.SQL).first()
    is_qualified = Qualification.objects.filter(
        lead=lead, outcome=Outcome.POSITIVE, cycle=lead.cycle
    ).exists()
    if is_qualified or (rule and not rule.needs_qualification):
        return
    sentence = _("Only a qualification makes an SQL. Qualify %(lead)s first.")
    raise CannotMoveLead(sentence % {"lead": lead}, field="stage")


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
