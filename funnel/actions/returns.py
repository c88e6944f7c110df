"""The way back from nurturing: no lead is left unattended."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _

from funnel.models import NurturingReturn
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Workspace

STANDARD_STAY = timedelta(days=90)
LONGEST_PAUSE = timedelta(days=730)

PLAN = """
INSERT INTO funnel_nurturingreturn (workspace_id, lead_id, due_at, is_agreed, created_at)
SELECT %s, lead_id, %s, %s, %s FROM unnest(%s::uuid[]) AS lead_id
"""


def plan_returns(
    lead_ids: Sequence[UUID], *, return_on: date | None, is_agreed: bool, now: datetime
) -> None:
    """Let leads come back when the day `return_on` begins in the workspace, or after 90 days."""
    due_at = start_of(return_on) if return_on else now + STANDARD_STAY
    values: list[Any] = [current_workspace_id(), due_at, is_agreed, now, list(lead_ids)]
    with connection.cursor() as cursor:
        cursor.execute(PLAN, values)


def end_returns(lead_ids: Sequence[UUID], *, now: datetime) -> None:
    """Forget the days on which leads were to come back: they have left."""
    NurturingReturn.objects.filter(lead_id__in=lead_ids, ended_at=None).update(ended_at=now)


def start_of(day: date) -> datetime:
    """When `day` begins where the workspace is."""
    zone = Workspace.objects.values_list("time_zone", flat=True).get(pk=current_workspace_id())
    return datetime.combine(day, time(), ZoneInfo(zone))


def refuse_no_day(return_on: date | None, now: datetime, refusal: type[Refusal]) -> None:
    """Refuse to let a lead go without a day to come back, in the past or out of sight."""
    if return_on is None:
        sentence = _("Say on which day to come back, so that the lead is not forgotten.")
        raise refusal(sentence, field="return_on")
    if not now < start_of(return_on) <= now + LONGEST_PAUSE:
        sentence = _("%(day)s does not do: choose a day from tomorrow to two years from now.")
        raise refusal(sentence % {"day": return_on.isoformat()}, field="return_on")
