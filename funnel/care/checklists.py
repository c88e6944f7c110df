"""Checklists: the onboarding steps of one customer, ticked off, skipped or taken up again."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.care.catalogue import CannotSaveCare, hold_customer, refuse_unknown
from funnel.care.days import refuse_outside, today_of
from funnel.models import ChecklistItem, Customer, Doer, ItemState
from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Member
from leads import normalising

LONGEST = {"name": 120, "hint": 500}
LONGEST_REASON = 300
MOST_ITEMS = 100
NEW = timedelta(days=90)
"""Whoever has been a customer for longer than that when we hear of it is not onboarded any more."""

START = """
INSERT INTO funnel_checklistitem (
    workspace_id, customer_id, step_id, name, hint, doer, due_on, state, reason, created_at)
SELECT customer.workspace_id, customer.id, step.id, step.name, step.hint, step.doer,
    coalesce(%(from_on)s::date, (customer.since AT TIME ZONE workspace.time_zone)::date)
        + step.due_days, 'open', '', %(now)s
FROM funnel_customer AS customer
JOIN workspaces_workspace AS workspace ON workspace.id = customer.workspace_id
JOIN funnel_onboardingstep AS step
    ON step.workspace_id = %(workspace)s AND step.retired_at IS NULL
WHERE customer.workspace_id = %(workspace)s AND customer.id = ANY(%(ids)s::uuid[])
  AND customer.ended_at IS NULL AND (%(since)s::timestamptz IS NULL OR customer.since >= %(since)s)
  AND NOT EXISTS (SELECT FROM funnel_checklistitem AS known
      WHERE known.workspace_id = %(workspace)s AND known.customer_id = customer.id)
ORDER BY customer.id, step.position, step.id
ON CONFLICT (workspace_id, customer_id, step_id) DO NOTHING
"""


def start_checklists(customer_ids: Sequence[UUID], *, now: datetime) -> int:
    """Give new customers the steps in force, once each; how many items that made.

    Set-wise. Those who have a checklist keep the one they have, and whoever has been a customer
    for long (an import told us) gets none.
    """
    return execute(START, ids=list(customer_ids), now=now, from_on=None, since=now - NEW)


def start_checklist(customer: Customer, *, now: datetime) -> int:
    """Give a customer of long standing the steps in force, counted from today; how many.

    Refuses while no steps are in force, and for those who are none any more.
    """
    with transaction.atomic():
        hold_customer(customer)
        given = execute(START, ids=[customer.pk], now=now, from_on=today_of(now), since=None)
    if not given and not ChecklistItem.objects.filter(customer=customer).exists():
        raise CannotSaveCare(_("No onboarding steps are in use. Write some down first."))
    return given


def add_item(
    customer: Customer,
    *,
    name: str,
    due_on: date,
    now: datetime,
    hint: str = "",
    doer: str = Doer.OWNER,
) -> ChecklistItem:
    """A step for this customer alone; the same for the same day twice is one.

    Refuses one without a name, days that have passed, and more than anybody does.
    """
    refuse_outside("due_on", due_on, today_of(now))
    values = _sound({"name": name, "hint": hint, "doer": doer})
    with transaction.atomic():
        hold_customer(customer)
        rows = ChecklistItem.objects.filter(customer=customer)
        if rows.count() >= MOST_ITEMS:
            sentence = _("The checklist has %d steps already, which is the most allowed.")
            raise CannotSaveCare(sentence % MOST_ITEMS)
        same: ChecklistItem | None = rows.filter(
            name=values["name"], due_on=due_on, state=ItemState.OPEN
        ).first()
        made: ChecklistItem = same or ChecklistItem.objects.create(
            customer=customer, due_on=due_on, created_at=now, **values
        )
    return made


def change_item(item: ChecklistItem, *, changes: Mapping[str, Any], now: datetime) -> None:
    """Word it differently, give it to somebody else, or another day; settled ones stay."""
    values = _sound(changes)
    if (due_on := values.get("due_on")) is not None and due_on != item.due_on:
        refuse_outside("due_on", due_on, today_of(now))
        values["late_told_at"] = None  # another day is another promise
    if values and not ChecklistItem.objects.open().filter(pk=item.pk).update(**values):
        raise CannotSaveCare(_("“%s” is settled. Take it up again first.") % item)


def finish_item(item: ChecklistItem, *, by: Member | None, now: datetime) -> bool:
    """Tick it off; False: it was settled already."""
    return _settle(item, ItemState.DONE, by=by, now=now)


def skip_item(item: ChecklistItem, *, reason: str, by: Member | None, now: datetime) -> bool:
    """Leave it out for this customer. Refuses without a reason; False: it was settled already."""
    words = normalising.plain_text(reason, field="reason", most=LONGEST_REASON)
    if not words:
        raise CannotSaveCare(_("Say why this step is left out."), field="reason")
    return _settle(item, ItemState.SKIPPED, by=by, now=now, reason=words)


def reopen_item(item: ChecklistItem) -> None:
    """It is to do after all."""
    ChecklistItem.objects.filter(pk=item.pk).update(
        state=ItemState.OPEN, settled_at=None, settled_by=None, reason=""
    )


def _settle(
    item: ChecklistItem, state: ItemState, *, by: Member | None, now: datetime, reason: str = ""
) -> bool:
    """One statement: of two who settle it at once, the first counts."""
    with transaction.atomic():
        rows = ChecklistItem.objects.open().filter(pk=item.pk)
        return bool(rows.update(state=state, settled_at=now, settled_by=by, reason=reason))


def _sound(values: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(values)
    for name in LONGEST.keys() & made.keys():
        made[name] = normalising.plain_text(made[name], field=name, most=LONGEST[name])
    if not made.get("name", "x"):
        raise CannotSaveCare(_("A step needs a name."), field="name")
    if "doer" in made:
        refuse_unknown("doer", made["doer"], Doer)
    return made
