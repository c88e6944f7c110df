"""Resolve or create: which lead is this row about? The only place where leads come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.actions.activities import record_alike
from leads.actions.employers import employers_of
from leads.actions.identities import ANY, Plan, claimed
from leads.actions.profiles import Door, Profile, create_profiles, improve_profiles, keep_claims
from leads.events import LeadsChanged, LeadsCreated
from leads.kinds import Kind
from leads.models import IdentityKind, Via
from leads.rows import NewLead, normalised


class CannotResolveLead(Refusal):
    """A row that says nothing about whom it is."""


@dataclass(frozen=True)
class Resolved:
    """Which lead a row is about, and whether this row made it."""

    lead_id: UUID
    is_new: bool


@dataclass(frozen=True)
class Terms:
    """On what terms the rows of a file meet whom we know.

    `match`: the kinds of identity that may match. `skips_known`: nothing is done with rows of
    known leads. `blocks`: do_not_email, do_not_call, set on the leads made. `are_normalised`: the
    caller has seen to it. `admits_erased`: who was erased may come back, because they do so
    themselves or the caller has left them out already.
    """

    match: frozenset[str] = ANY
    skips_known: bool = False
    blocks: frozenset[str] = frozenset()
    are_normalised: bool = False
    admits_erased: bool = False


USUAL = Terms()


def resolve_leads(
    rows: Sequence[NewLead],
    *,
    now: datetime,
    by: Member | None = None,
    overwrite: bool = False,
    is_quiet: bool = False,
    kind: str = Kind.LEAD_CREATED,
    properties: Mapping[str, Any] | None = None,
    via: str = Via.PERSON,
    via_id: UUID | None = None,
    terms: Terms = USUAL,
) -> list[Resolved]:
    """The lead of each row, in order; made when nobody has its external id, email or phone yet.

    The strongest identity decides (external id, then email, then phone); leads are never merged.
    A phone is shared more easily than the others: it decides only where the row does not name
    somebody else by a stronger identity. Known leads get their blanks filled; with `overwrite`
    their values replaced by the row's non-blank ones. New leads get an activity `kind` with
    `properties`; what changes of known ones is kept with `via` and `via_id`. `terms` narrow this
    for files. Refuses rows without any name or identity, values that cannot be right, and
    people who were erased.
    """
    clean = rows if terms.are_normalised else normalised(rows)
    _refuse_nameless(clean)
    with transaction.atomic(savepoint=False):
        plan = claimed(
            clean,
            match=terms.match,
            skips_known=terms.skips_known,
            admits_erased=terms.admits_erased,
        )
        profiles = _profiles(plan, clean, now=now, overwrite=overwrite)
        create_profiles([profiles[lead_id] for lead_id in plan.new], now, blocks=terms.blocks)
        known = [profile for lead_id, profile in profiles.items() if lead_id not in plan.new]
        door = Door(via, via_id, by.id if by else None)
        changed = improve_profiles(known, overwrite=overwrite, door=door, now=now)
        keep_claims(_claims_of_known(plan), door=door, now=now)
        new, by_id = tuple(plan.new), by.id if by else None
        told = record_alike(new, kind, properties or {}, by_id, now=now, is_quiet=is_quiet)
        publish(told, LeadsCreated(new, is_quiet), LeadsChanged(changed, is_quiet))
    return [
        Resolved(lead_id, plan.new.get(lead_id) == number)
        for number, lead_id in enumerate(plan.lead_ids)
    ]


def _refuse_nameless(rows: Iterable[NewLead]) -> None:
    for row in rows:
        if not (row.name or row.email or row.phone or row.external_id):
            raise CannotResolveLead(
                _("A lead needs a name, an email address, a phone number or an external id.")
            )


def _profiles(
    plan: Plan, rows: Sequence[NewLead], *, now: datetime, overwrite: bool
) -> dict[UUID, Profile]:
    """What the rows say about each lead they are about."""
    profiles: dict[UUID, Profile] = {}
    told = [number for number in range(len(rows)) if number not in plan.passed]
    employers = employers_of([rows[number] for number in told], now=now)
    for number, employer in zip(told, employers, strict=True):
        lead_id, row = plan.lead_ids[number], rows[number]
        profile = profiles.setdefault(lead_id, Profile(lead_id))
        profile.take(_own(plan, lead_id, row), company_id=employer, overwrite=overwrite)
    return profiles


def _claims_of_known(plan: Plan) -> list[tuple[UUID, str, str]]:
    """Identities that leads we knew have got from these rows."""
    return [
        (lead_id, kind, value)
        for (kind, value), lead_id in plan.claims.items()
        if lead_id not in plan.new
    ]


def _own(plan: Plan, lead_id: UUID, row: NewLead) -> NewLead:
    """The row without an email that belongs to somebody else; a telephone may be shared."""
    is_ours = plan.owners.get((IdentityKind.EMAIL.value, row.email), lead_id) == lead_id
    return row if is_ours else msgspec.structs.replace(row, email="")
