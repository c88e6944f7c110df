"""Whom rows are about: identities are looked up, and taken for whoever is new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.models import IdentityKind
from leads.rows import NewLead

Mark = tuple[str, str]
"""What identifies: kind and normalised value."""

LOOK_UP = """
SELECT identity.kind, identity.value, identity.lead_id, ARRAY(
    SELECT DISTINCT kind::text FROM leads_identity AS other
    WHERE other.workspace_id = %(workspace)s AND other.lead_id = identity.lead_id)
FROM jsonb_to_recordset(%(marks)s::jsonb) AS asked(kind text, value text)
JOIN leads_identity AS identity ON identity.workspace_id = %(workspace)s
    AND identity.kind = asked.kind AND identity.value = asked.value
"""

# In order, so that two batches wait for each other in one direction only. The leads come after
# their identities: the reference between them is checked at commit.
CLAIM = """
INSERT INTO leads_identity (workspace_id, lead_id, kind, value)
SELECT %(workspace)s, lead_id, kind, value
FROM jsonb_to_recordset(%(claims)s::jsonb) AS claim(lead_id uuid, kind text, value text)
ORDER BY kind, value
ON CONFLICT (workspace_id, kind, value) DO NOTHING
"""


@dataclass
class Plan:
    """Which row goes to which lead, which leads are new, and which identities we want for them."""

    lead_ids: list[UUID] = field(default_factory=list)
    new: dict[UUID, int] = field(default_factory=dict)
    claims: dict[Mark, UUID] = field(default_factory=dict)
    owners: dict[Mark, UUID] = field(default_factory=dict)
    kinds: dict[UUID, set[str]] = field(default_factory=dict)


def claimed(rows: Sequence[NewLead]) -> Plan:
    """A plan whose identities are ours; planned anew when somebody else was quicker.

    Who comes alone is mostly new: that the identities could be taken says so without a look.
    """
    all_marks = [marks_of(row) for row in rows]
    fresh = [new_id() for _ in rows]
    plan = _plan(_known(all_marks) if len(rows) > 1 else Plan(), all_marks, fresh)
    while not _claim(plan.claims):
        plan = _plan(_known(all_marks), all_marks, fresh)
    return plan


def marks_of(row: NewLead) -> list[Mark]:
    """What identifies the lead of a normalised row, the strongest first."""
    given = [
        (IdentityKind.EXTERNAL.value, row.external_id),
        (IdentityKind.EMAIL.value, row.email),
        # A local number of an unknown country may be anybody's.
        (IdentityKind.PHONE.value, row.phone if row.phone.startswith("+") else ""),
    ]
    return [(kind, value) for kind, value in given if value]


def _plan(plan: Plan, all_marks: Sequence[list[Mark]], fresh: Sequence[UUID]) -> Plan:
    for number, marks in enumerate(all_marks):
        lead_id = _found(plan, marks)
        if lead_id is None:
            lead_id = fresh[number]
            plan.new[lead_id] = number
        plan.lead_ids.append(lead_id)
        for mark in marks:
            if mark not in plan.owners:
                plan.owners[mark] = plan.claims[mark] = lead_id
                plan.kinds.setdefault(lead_id, set()).add(mark[0])
    return plan


def _found(plan: Plan, marks: Sequence[Mark]) -> UUID | None:
    stronger = {kind for kind, _ in marks if kind != IdentityKind.PHONE}
    for mark in marks:
        owner = plan.owners.get(mark)
        if owner is None:
            continue
        if mark[0] == IdentityKind.PHONE and plan.kinds.get(owner, set()) & stronger:
            continue  # somebody with the same telephone, but known by another email
        return owner
    return None


def _known(all_marks: Iterable[Iterable[Mark]]) -> Plan:
    plan = Plan()
    marks = {mark for marks in all_marks for mark in marks}
    asked = [{"kind": kind, "value": value} for kind, value in marks]
    if asked:
        for kind, value, lead_id, kinds in fetch(LOOK_UP, marks=as_jsonb(asked)):
            plan.owners[kind, value] = lead_id
            plan.kinds[lead_id] = set(kinds)
    return plan


def _claim(claims: Mapping[Mark, UUID]) -> bool:
    """Take all the identities or none; False when somebody else has one of them by now."""
    if not claims:
        return True
    rows = [
        {"kind": kind, "value": value, "lead_id": lead} for (kind, value), lead in claims.items()
    ]
    savepoint = transaction.savepoint() if len(rows) > 1 else None  # one is taken whole or not
    is_ours = execute(CLAIM, claims=as_jsonb(rows)) == len(rows)
    if savepoint:
        end = transaction.savepoint_commit if is_ours else transaction.savepoint_rollback
        end(savepoint)
    return is_ours
