"""Telling who is to take an onboarding step that it is overdue: once for each step and day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.care.days import morning_of
from funnel.care.whose import WHOSE
from funnel.models import Doer
from leadmgmt.kernel.sql import fetch
from leadmgmt.ui import formatting
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.staff import leading_members

STEPS_PER_ROUND = 500

# Rows another worker holds are left to it; a step that is claimed is not to be told of any more,
# and both become true with the notices in one commit. Of former customers nobody is told.
CLAIM = f"""
WITH late AS MATERIALIZED (
    SELECT id FROM funnel_checklistitem
    WHERE workspace_id = %(workspace)s AND state = 'open' AND late_told_at IS NULL
      AND due_on < %(today)s
    ORDER BY due_on, id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
), claimed AS (
    UPDATE funnel_checklistitem AS item SET late_told_at = %(now)s
    FROM late WHERE item.workspace_id = %(workspace)s AND item.id = late.id
    RETURNING item.id, item.customer_id, item.name, item.due_on, item.doer
)
SELECT claimed.id, claimed.customer_id, claimed.name, claimed.due_on, claimed.doer,
    {WHOSE}
"""  # noqa: S608  # our own words


class Late(NamedTuple):
    """A step that is overdue, and whose it is."""

    id: UUID
    customer_id: UUID
    name: str
    due_on: date
    doer: str
    owner_id: UUID | None
    is_former: bool
    customer: str

    @property
    def is_managers(self) -> bool:
        """A manager is to take it, or nobody looks after the customer."""
        return self.doer == Doer.MANAGER or self.owner_id is None


@transaction.atomic
def tell_of_late_steps(*, now: datetime, most: int = STEPS_PER_ROUND) -> int:
    """Tell owners of steps that became overdue; how many steps were dealt with.

    The sales managers (or else the admins) hear of steps that are a manager's, and of all steps
    where nobody looks after the customer. On the morning after the day, once.
    """
    rows = [Late(*row) for row in fetch(CLAIM, now=now, today=morning_of(now), most=most)]
    told = [each for each in rows if not each.is_former]
    managers = leading_members() if any(each.is_managers for each in told) else ()
    give_notices(
        [_notice(each, member) for each in told for member in _whom(each, managers)], now=now
    )
    return len(rows)


def _whom(step: Late, managers: Sequence[UUID]) -> Sequence[UUID]:
    if step.is_managers or step.owner_id is None:
        return managers
    return (step.owner_id,)


def _notice(step: Late, member: UUID) -> NewNotice:
    told = {"day": formatting.day(step.due_on), "step": step.name, "customer": step.customer}
    return NewNotice(
        member_id=member,
        kind="step_late",
        text=_("Onboarding overdue since %(day)s: %(step)s · %(customer)s") % told,
        path=f"customers/{step.customer_id}/#onboarding",
        key=f"step-{step.id}-{step.due_on}",
    )
