"""Resolve or create: which lead is this row about? The only place where leads come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.actions.employers import employers_of
from leads.actions.profiles import Profile, create_profiles, improve_profiles
from leads.events import LeadsChanged, LeadsCreated
from leads.kinds import Kind
from leads.models import IdentityKind
from leads.rows import NewLead, normalised

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

FRESH_IDS = "SELECT uuidv7() FROM generate_series(1, %(count)s)"


class CannotResolveLead(Refusal):
    """A row that says nothing about whom it is."""


@dataclass(frozen=True)
class Resolved:
    """Which lead a row is about, and whether this row made it."""

    lead_id: UUID
    is_new: bool


@dataclass
class Plan:
    """Which row goes to which lead, which leads are new, and which identities we want for them."""

    lead_ids: list[UUID] = field(default_factory=list)
    new: dict[UUID, int] = field(default_factory=dict)
    claims: dict[Mark, UUID] = field(default_factory=dict)
    owners: dict[Mark, UUID] = field(default_factory=dict)
    kinds: dict[UUID, set[str]] = field(default_factory=dict)


def resolve_leads(
    rows: Sequence[NewLead],
    *,
    now: datetime,
    by: Member | None = None,
    overwrite: bool = False,
    is_quiet: bool = False,
    kind: str = Kind.LEAD_CREATED,
    properties: Mapping[str, Any] | None = None,
) -> list[Resolved]:
    """The lead of each row, in order; made when nobody has its external id, email or phone yet.

    The strongest identity decides (external id, then email, then phone); leads are never merged.
    A phone is shared more easily than the others: it decides only where the row does not name
    somebody else by a stronger identity. Known leads get their blanks filled; with `overwrite`
    their values replaced by the row's non-blank ones. New leads get an activity `kind` with
    `properties`. Refuses rows without any name or identity and values that cannot be right.
    """
    clean = normalised(rows)
    _refuse_nameless(clean)
    with transaction.atomic(savepoint=False):
        plan = _claimed(clean)
        changed = _write(plan, clean, now=now, overwrite=overwrite)
        _tell_timeline(plan, kind, properties or {}, now=now, by=by, is_quiet=is_quiet)
        publish(LeadsCreated(tuple(plan.new), is_quiet=is_quiet))
        publish(LeadsChanged(changed, is_quiet=is_quiet))
    return [
        Resolved(lead_id, plan.new.get(lead_id) == number)
        for number, lead_id in enumerate(plan.lead_ids)
    ]


def marks_of(row: NewLead) -> list[Mark]:
    """What identifies the lead of a normalised row, the strongest first."""
    given = [
        (IdentityKind.EXTERNAL.value, row.external_id),
        (IdentityKind.EMAIL.value, row.email),
        # A local number of an unknown country may be anybody's.
        (IdentityKind.PHONE.value, row.phone if row.phone.startswith("+") else ""),
    ]
    return [(kind, value) for kind, value in given if value]


def _refuse_nameless(rows: Iterable[NewLead]) -> None:
    for row in rows:
        if not (row.name or row.email or row.phone or row.external_id):
            raise CannotResolveLead(
                _("A lead needs a name, an email address, a phone number or an external id.")
            )


def _claimed(rows: Sequence[NewLead]) -> Plan:
    """A plan whose identities are ours; planned anew when somebody else was quicker."""
    all_marks = [marks_of(row) for row in rows]
    fresh = _fresh_ids(len(rows))
    while True:
        plan = _plan(all_marks, fresh)
        if _claim(plan.claims):
            return plan


def _plan(all_marks: Sequence[list[Mark]], fresh: Sequence[UUID]) -> Plan:
    plan = _known({mark for marks in all_marks for mark in marks})
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


def _known(marks: Iterable[Mark]) -> Plan:
    plan = Plan()
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
    savepoint = transaction.savepoint()
    if execute(CLAIM, claims=as_jsonb(rows)) == len(claims):
        transaction.savepoint_commit(savepoint)
        return True
    transaction.savepoint_rollback(savepoint)
    return False


def _write(
    plan: Plan, rows: Sequence[NewLead], *, now: datetime, overwrite: bool
) -> tuple[UUID, ...]:
    """Write the profiles; the known leads whose profile changed."""
    profiles: dict[UUID, Profile] = {}
    employers = employers_of(rows, now=now)
    for lead_id, row, employer in zip(plan.lead_ids, rows, employers, strict=True):
        profile = profiles.setdefault(lead_id, Profile(lead_id))
        profile.take(_own(plan, lead_id, row), company_id=employer, overwrite=overwrite)
    create_profiles([profile for lead_id, profile in profiles.items() if lead_id in plan.new], now)
    known = [profile for lead_id, profile in profiles.items() if lead_id not in plan.new]
    return improve_profiles(known, overwrite=overwrite, now=now)


def _own(plan: Plan, lead_id: UUID, row: NewLead) -> NewLead:
    """The row without an email that belongs to somebody else; a telephone may be shared."""
    is_ours = plan.owners.get((IdentityKind.EMAIL.value, row.email), lead_id) == lead_id
    return row if is_ours else msgspec.structs.replace(row, email="")


def _tell_timeline(
    plan: Plan,
    kind: str,
    properties: Mapping[str, Any],
    *,
    now: datetime,
    by: Member | None,
    is_quiet: bool,
) -> None:
    by_id = by.id if by else None
    record_activities(
        [
            NewActivity(kind, now, lead_id=lead_id, properties=properties, by_id=by_id)
            for lead_id in plan.new
        ],
        now=now,
        is_quiet=is_quiet,
    )


def _fresh_ids(count: int) -> list[UUID]:
    return [row[0] for row in fetch(FRESH_IDS, count=count)]
