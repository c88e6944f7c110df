"""Telling whoever looks after a customer that a renewal comes near: once each."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funnel.care.days import morning_of
from funnel.care.remind_days import usual_days
from funnel.care.whose import WHOSE
from leadmgmt.kernel.sql import fetch
from leadmgmt.ui import formatting
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.staff import leading_members

RENEWALS_PER_ROUND = 500

# Rows another worker holds are left to it; a row that is claimed is due on a later day or never
# any more, and both become true with the notices in one commit. Days that were missed while no
# worker ran are told of once. Of former customers nobody is reminded; they may come back.
CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT id, remind_on FROM funnel_renewal
    WHERE workspace_id = %(workspace)s AND state = 'planned' AND remind_on <= %(today)s
    ORDER BY remind_on, id LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
), claimed AS (
    UPDATE funnel_renewal AS renewal SET snoozed_until = NULL, remind_on = (
        SELECT min(renewal.due_on - day)
        FROM unnest(coalesce(renewal.days, %(usual)s::int[])) AS day
        WHERE renewal.due_on - day > %(today)s)
    FROM due WHERE renewal.workspace_id = %(workspace)s AND renewal.id = due.id
    RETURNING renewal.id, renewal.customer_id, renewal.what, renewal.due_on, due.remind_on
)
SELECT claimed.id, claimed.customer_id, claimed.what, claimed.due_on, claimed.remind_on,
    {WHOSE}
"""  # noqa: S608  # our own words


class Claimed(NamedTuple):
    """A renewal that came near, and whose it is."""

    id: UUID
    customer_id: UUID
    what: str
    due_on: date
    remind_on: date
    owner_id: UUID | None
    is_former: bool
    customer: str


@transaction.atomic
def remind_of_renewals(*, now: datetime, most: int = RENEWALS_PER_ROUND) -> int:
    """Tell owners of renewals whose day of reminding has come; how many were dealt with.

    Where nobody looks after the customer, the sales managers are told, or else the admins.
    """
    today = morning_of(now)
    rows = fetch(CLAIM, today=today, usual=usual_days(), most=most)
    claimed = [Claimed(*row) for row in rows]
    told = [each for each in claimed if not each.is_former]
    managers = leading_members() if any(each.owner_id is None for each in told) else ()
    notices = [
        _reminder(each, member, today)
        for each in told
        for member in ([each.owner_id] if each.owner_id else managers)
    ]
    give_notices(notices, now=now)
    return len(claimed)


def _reminder(row: Claimed, member: UUID, today: date) -> NewNotice:
    told = {"what": row.what, "customer": row.customer, "when": _when(row.due_on, today)}
    return NewNotice(
        member_id=member,
        kind="renewal_due",
        text=_("Renewal %(when)s: %(what)s · %(customer)s") % told,
        path=f"customers/{row.customer_id}/#renewals",
        key=f"renewal-{row.id}-{row.due_on}-{row.remind_on}",
    )


def _when(due_on: date, today: date) -> str:
    days = (due_on - today).days
    if days == 0:
        return _("due today")
    day = formatting.day(due_on)
    if days < 0:
        return _("overdue since %s") % day
    told = {"days": days, "day": day}
    sentence = ngettext("due in %(days)d day, on %(day)s", "due in %(days)d days, on %(day)s", days)
    return sentence % told
