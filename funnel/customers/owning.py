"""Who looks after customers: given to somebody, one or many."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funnel.actions.holding import id_of
from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.models import Member, Role

SELLERS = (Role.REP, Role.MANAGER, Role.ADMIN)
MOST_NAMED = 3
NOTICE = "customer"

# Locked in a statement of its own: the next one then sees who was given them in the meantime.
LOCK = """
SELECT id FROM funnel_customer WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""
GIVEN = """
SELECT customer.id,
    coalesce(company.name, nullif(lead.name, ''), nullif(lead.email, ''), lead.phone, ''),
    customer.owner_id, coalesce(owner.name, ''), customer.company_id IS NOT NULL
FROM funnel_customer AS customer
LEFT JOIN leads_company AS company ON company.workspace_id = %(workspace)s
    AND company.id = customer.company_id
LEFT JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = customer.lead_id
LEFT JOIN workspaces_member AS owner ON owner.workspace_id = %(workspace)s
    AND owner.id = customer.owner_id
WHERE customer.workspace_id = %(workspace)s AND customer.id = ANY(%(ids)s::uuid[])
  AND customer.owner_id IS DISTINCT FROM %(owner)s::uuid
ORDER BY customer.id
"""
GIVE = """
WITH given AS (
    UPDATE funnel_customer SET owner_id = %(owner)s::uuid
    WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
)
INSERT INTO funnel_customerchange (
    workspace_id, customer_id, field, old, new, why, by_id, batch, owner_was_id, owner_now_id,
    changed_at)
SELECT %(workspace)s, id, 'owner', old, %(name)s, '', %(by)s::uuid, %(batch)s, was,
    %(owner)s::uuid, %(now)s
FROM unnest(%(ids)s::uuid[], %(old)s::text[], %(was)s::uuid[]) AS row(id, old, was)
"""


class CannotGiveCustomers(Refusal):
    """Somebody else has a customer, and asks a manager before it goes elsewhere."""


class Kept(NamedTuple):
    """A customer, and who has looked after it until now."""

    id: UUID
    name: str
    owner_id: UUID | None
    owner: str
    is_firm: bool


def give_customers(
    ids: Iterable[UUID],
    *,
    owner: Member | None,
    by: Member | None,
    now: datetime,
    batch: UUID | None = None,
) -> tuple[UUID, ...]:
    """Let `owner`, or nobody, look after these customers; those that had another one.

    Refuses an owner who has left the workspace or does not sell; and a rep gives only customers
    of their own, or such as nobody has. The new owner is told, unless it is who gives. By the
    `batch` they are taken back, see `taking_back`.
    """
    _refuse_owner(owner)
    with transaction.atomic():
        held = [row[0] for row in fetch(LOCK, ids=list(ids))]
        found = [Kept(*row) for row in fetch(GIVEN, ids=held, owner=id_of(owner))]
        _refuse_others(found, by)
        if found:
            execute(
                GIVE,
                ids=[each.id for each in found],
                old=[each.owner for each in found],
                was=[each.owner_id for each in found],
                batch=batch or new_id(),
                owner=id_of(owner),
                name=owner.name if owner else "",
                by=id_of(by),
                now=now,
            )
            _tell(found, owner, by, now)
    return tuple(each.id for each in found)


def _refuse_owner(owner: Member | None) -> None:
    if owner is None:
        return
    told = {"name": owner.name, "role": owner.get_role_display()}
    if owner.left_at is not None:
        sentence = _("%(name)s has left this workspace; choose somebody else.")
        raise CannotGiveCustomers(sentence % told, field="owner")
    if owner.role not in SELLERS:
        sentence = _("%(name)s is here as %(role)s; customers go to sales reps, managers, admins.")
        raise CannotGiveCustomers(sentence % told, field="owner")


def _refuse_others(found: Sequence[Kept], by: Member | None) -> None:
    if by is None or by.role != Role.REP:
        return
    for each in found:
        if each.owner_id not in (None, by.pk):
            sentence = _("%(owner)s looks after %(customer)s. Ask a manager to change the owner.")
            told = {"owner": each.owner, "customer": each.name}
            raise CannotGiveCustomers(sentence % told, field="owner")


def _tell(found: Sequence[Kept], owner: Member | None, by: Member | None, now: datetime) -> None:
    if owner is None or (by is not None and by.pk == owner.pk):
        return
    path = f"customers/{found[0].id}/" if len(found) == 1 else "customers/?owner=me"
    text = _("You look after %(customers)s now.") % {"customers": _called(found)}
    key = f"given {found[0].id} {now.isoformat()}"
    give_notices([NewNotice(owner.pk, NOTICE, text, path, key)], now=now)


def _called(found: Sequence[Kept]) -> str:
    """One by its name; of many the firms: who is erased later is not looked for in it."""
    if len(found) == 1:
        return found[0].name
    named = [each.name for each in found if each.is_firm][:MOST_NAMED]
    more = len(found) - len(named)
    if not named:
        return ngettext("%d customer", "%d customers", more) % more
    names = ", ".join(named)
    return names + ngettext(" and %d more", " and %d more", more) % more if more else names


def sellers() -> Any:
    """Who may look after customers, by name."""
    return Member.objects.present().filter(role__in=SELLERS).order_by("name", "id")
