"""Undoing that customers were given to somebody: each goes back to whoever had it before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funnel.actions.holding import id_of
from funnel.customers.owning import LOCK, NOTICE, SELLERS
from funnel.models import CustomerChange
from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.models import Member, Role

# Only what nobody has changed since, once or back and forth. Who has left or does not sell any more
# gets nothing back: it is nobody's then.
GIVEN = """
SELECT change.customer_id, was.id, coalesce(was.name, ''), change.owner_now_id,
    coalesce(present.name, ''), change.by_id
FROM funnel_customerchange AS change JOIN funnel_customer AS customer
    ON customer.workspace_id = %(workspace)s AND customer.id = change.customer_id
LEFT JOIN workspaces_member AS was
    ON was.workspace_id = %(workspace)s AND was.id = change.owner_was_id
    AND was.left_at IS NULL AND was.role = ANY(%(sellers)s::text[])
LEFT JOIN workspaces_member AS present
    ON present.workspace_id = %(workspace)s AND present.id = change.owner_now_id
WHERE change.workspace_id = %(workspace)s AND change.batch = %(batch)s
  AND change.customer_id = ANY(%(ids)s::uuid[])
  AND customer.owner_id IS NOT DISTINCT FROM change.owner_now_id
  AND NOT EXISTS (SELECT FROM funnel_customerchange AS later
      WHERE later.workspace_id = %(workspace)s AND later.customer_id = change.customer_id
        AND later.field = 'owner'
        AND (later.changed_at, later.id) > (change.changed_at, change.id))
ORDER BY change.customer_id
"""
BACK = """
WITH back AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(owners)s::uuid[], %(present)s::uuid[],
        %(old)s::text[], %(new)s::text[]) AS row(id, owner_id, present_id, old, new)
), given AS (
    UPDATE funnel_customer AS customer SET owner_id = back.owner_id FROM back
    WHERE customer.workspace_id = %(workspace)s AND customer.id = back.id
)
INSERT INTO funnel_customerchange (workspace_id, customer_id, field, old, new, why, by_id,
    batch, owner_was_id, owner_now_id, changed_at)
SELECT %(workspace)s, id, 'owner', old, new, %(why)s, %(by)s::uuid, %(batch)s, present_id,
    owner_id, %(now)s
FROM back
"""


class NothingToTakeBack(Conflict):
    """Others look after these customers by now, or who asks may not."""


class Given(NamedTuple):
    """A customer that was given to somebody, and who had it before."""

    id: UUID
    was_id: UUID | None
    was: str
    owner_id: UUID | None
    owner: str
    by_id: UUID | None


def take_back(
    batch: UUID, *, only: Iterable[UUID] | None = None, by: Member | None, now: datetime
) -> tuple[UUID, ...]:
    """Undo what was given at once: which customers went back to whom they had before.

    Customers whose owner somebody has changed since stay as they are; what belonged to somebody
    who has left is nobody's. Refuses when that is all of
    them, and a rep what somebody else has given. Who had them meanwhile is told.
    """
    rows = CustomerChange.objects.filter(batch=batch).values_list("customer_id", flat=True)
    ids = sorted(set(rows) if only is None else set(rows) & set(only))
    with transaction.atomic():
        fetch(LOCK, ids=ids)
        told = fetch(GIVEN, batch=batch, ids=ids, sellers=list(SELLERS))
        found = [Given(*row) for row in told]
        _refuse(found, by)
        execute(
            BACK,
            ids=[each.id for each in found],
            owners=[each.was_id for each in found],
            old=[each.owner for each in found],
            new=[each.was for each in found],
            present=[each.owner_id for each in found],
            batch=new_id(),
            why=_("Taken back"),
            by=id_of(by),
            now=now,
        )
        _tell(found, by, now)
    return tuple(each.id for each in found)


def take_back_last(customer_id: UUID, *, by: Member | None, now: datetime) -> None:
    """The same for the last owner of one customer."""
    changes = CustomerChange.objects.filter(customer=customer_id, field="owner")
    last = changes.order_by("-changed_at", "-id").values_list("batch", flat=True).first()
    if last is None:
        raise NothingToTakeBack(_("The owner was never changed, so there is nothing to undo."))
    take_back(last, only=[customer_id], by=by, now=now)


def _refuse(found: Sequence[Given], by: Member | None) -> None:
    if not found:
        sentence = _("Somebody has changed the owner since; there is nothing left to undo.")
        raise NothingToTakeBack(sentence)
    if by is not None and by.role == Role.REP and found[0].by_id != by.pk:
        sentence = _("Somebody else has changed the owner. Ask them or a manager to undo it.")
        raise NothingToTakeBack(sentence)


def _tell(found: Sequence[Given], by: Member | None, now: datetime) -> None:
    had: dict[UUID, list[Given]] = defaultdict(list)
    for each in found:
        if each.owner_id is not None and each.owner_id != id_of(by):
            had[each.owner_id].append(each)
    give_notices([_notice(owner, rows, now) for owner, rows in had.items()], now=now)


def _notice(owner: UUID, rows: Sequence[Given], now: datetime) -> NewNotice:
    sentence = ngettext(
        "%(count)d customer you were given went back to whoever had it before.",
        "%(count)d customers you were given went back to whoever had them before.",
        len(rows),
    )
    path = f"customers/{rows[0].id}/" if len(rows) == 1 else "customers/"
    key = f"taken {rows[0].id} {now.isoformat()}"
    return NewNotice(owner, NOTICE, sentence % {"count": len(rows)}, path, key)
