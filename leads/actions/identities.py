"""Whom rows are about: identities are looked up, and taken for whoever is new."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.models import IdentityKind
from leads.rows import NewLead
from leads.tombstones import buried

Mark = tuple[str, str]
"""What identifies: kind and normalised value."""

ANY: frozenset[str] = frozenset(IdentityKind.values)
"""Whatever identifies may match: the strongest decides."""

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
    passed: set[int] = field(default_factory=set)  # rows of known leads that nothing is done with
    taken: set[int] = field(default_factory=set)  # rows that match nobody and name somebody's email
    erased: set[int] = field(default_factory=set)  # rows of people who were erased


class CannotMatchLead(Conflict):
    """Nobody matches the row, yet its email or external id is another lead's."""

    @staticmethod
    def sentence_of(row: NewLead) -> str:
        """What to say about the row."""
        named = " / ".join(each for each in (row.external_id, row.email) if each)
        return (
            _(
                "“%s” belongs to a lead that does not match this row; match people by it, or "
                "correct the row."
            )
            % named
        )


class CannotBringBack(Conflict):
    """The row is about somebody who was erased, and not their own act."""

    @staticmethod
    def sentence_of(row: NewLead) -> str:
        """What to say about the row."""
        named = " / ".join(each for each in (row.external_id, row.email, row.phone) if each)
        return (
            _("“%s” was erased at their wish; only they themselves can come back, by a form.")
            % named
        )


def claimed(
    rows: Sequence[NewLead],
    *,
    match: Collection[str] = ANY,
    skips_known: bool = False,
    admits_erased: bool = False,
) -> Plan:
    """A plan whose identities are ours; planned anew when somebody else was quicker.

    Who comes alone is mostly new: that the identities could be taken says so without a look.
    Refuses people who were erased, unless they are admitted.
    """
    all_marks = [marks_of(row) for row in rows]
    stones = frozenset() if admits_erased else _buried(all_marks)
    fresh = [new_id() for _ in rows]

    def plan_on(known: Plan) -> Plan:
        return _plan(known, all_marks, fresh, match, skips_known, stones)

    plan = plan_on(_known(all_marks) if len(rows) > 1 or stones else Plan())
    if plan.erased:
        raise CannotBringBack(CannotBringBack.sentence_of(rows[min(plan.erased)]))
    while not _claim(plan.claims):
        plan = plan_on(_known(all_marks))
    if plan.taken:
        raise CannotMatchLead(CannotMatchLead.sentence_of(rows[min(plan.taken)]))
    return plan


def planned(
    rows: Sequence[NewLead],
    *,
    match: Collection[str] = ANY,
    skips_known: bool = False,
    recall: Callable[[Plan, Iterable[Mark]], None] | None = None,
) -> Plan:
    """What `claimed` would do, without taking anything.

    `recall` adds what the caller knows of leads that are not made yet.
    """
    all_marks = [marks_of(row) for row in rows]
    known = _known(all_marks)
    if recall:
        recall(known, {mark for marks in all_marks for mark in marks})
    fresh = [new_id() for _ in rows]
    return _plan(known, all_marks, fresh, match, skips_known, _buried(all_marks))


def any_erased(rows: Sequence[NewLead]) -> bool:
    """Whether a row may be about somebody who was erased; `planned` says which."""
    return bool(_buried([marks_of(row) for row in rows]))


def marks_of(row: NewLead) -> list[Mark]:
    """What identifies the lead of a normalised row, the strongest first."""
    given = [
        (IdentityKind.EXTERNAL.value, row.external_id),
        (IdentityKind.EMAIL.value, row.email),
        # A local number of an unknown country may be anybody's.
        (IdentityKind.PHONE.value, row.phone if row.phone.startswith("+") else ""),
    ]
    return [(kind, value) for kind, value in given if value]


def _plan(
    plan: Plan,
    all_marks: Sequence[list[Mark]],
    fresh: Sequence[UUID],
    match: Collection[str],
    skips_known: bool,
    stones: frozenset[Mark],
) -> Plan:
    for number, marks in enumerate(all_marks):
        lead_id = _found(plan, marks, match)
        if lead_id is None:
            lead_id = fresh[number]
            if stones and _is_erased(marks, stones):
                plan.erased.add(number)
            elif match is not ANY and _is_taken(plan, marks):
                plan.taken.add(number)
            else:
                plan.new[lead_id] = number
        elif skips_known:
            plan.passed.add(number)
        plan.lead_ids.append(lead_id)
        if number not in plan.passed | plan.taken | plan.erased:
            _claim_free(plan, marks, lead_id)
    return plan


def _claim_free(plan: Plan, marks: Sequence[Mark], lead_id: UUID) -> None:
    for mark in marks:
        if mark not in plan.owners:
            plan.owners[mark] = plan.claims[mark] = lead_id
            plan.kinds.setdefault(lead_id, set()).add(mark[0])


def _is_taken(plan: Plan, marks: Sequence[Mark]) -> bool:
    """A telephone may be shared; an email or an external id is one person's."""
    return any(mark in plan.owners for mark in marks if mark[0] != IdentityKind.PHONE)


def _buried(all_marks: Iterable[Iterable[Mark]]) -> frozenset[Mark]:
    return buried(mark for marks in all_marks for mark in marks)


def _is_erased(marks: Sequence[Mark], stones: frozenset[Mark]) -> bool:
    """A telephone may be shared: it decides only for those who name nothing else."""
    stronger = [mark for mark in marks if mark[0] != IdentityKind.PHONE]
    return any(mark in stones for mark in stronger or marks)


def _found(plan: Plan, marks: Sequence[Mark], match: Collection[str]) -> UUID | None:
    stronger = {kind for kind, _value in marks if kind != IdentityKind.PHONE and kind in match}
    for mark in marks:
        owner = plan.owners.get(mark)
        if owner is None or mark[0] not in match:
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
