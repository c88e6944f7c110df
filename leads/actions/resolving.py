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
from leads.actions.activities import begin_timelines
from leads.actions.employers import employers_of
from leads.actions.identities import Plan, claimed
from leads.actions.profiles import Profile, create_profiles, improve_profiles
from leads.events import LeadsChanged, LeadsCreated
from leads.kinds import Kind
from leads.models import IdentityKind
from leads.rows import NewLead, normalised


class CannotResolveLead(Refusal):
    """A row that says nothing about whom it is."""


@dataclass(frozen=True)
class Resolved:
    """Which lead a row is about, and whether this row made it."""

    lead_id: UUID
    is_new: bool


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
        plan = claimed(clean)
        profiles = _profiles(plan, clean, employers_of(clean, now=now), overwrite=overwrite)
        create_profiles([profiles[lead_id] for lead_id in plan.new], now)
        known = [profile for lead_id, profile in profiles.items() if lead_id not in plan.new]
        changed = improve_profiles(known, overwrite=overwrite, now=now)
        new, by_id = tuple(plan.new), by.id if by else None
        told = begin_timelines(new, kind, properties or {}, by_id, now=now, is_quiet=is_quiet)
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
    plan: Plan, rows: Sequence[NewLead], employers: Sequence[UUID | None], *, overwrite: bool
) -> dict[UUID, Profile]:
    """What the rows say about each lead they are about."""
    profiles: dict[UUID, Profile] = {}
    for lead_id, row, employer in zip(plan.lead_ids, rows, employers, strict=True):
        profile = profiles.setdefault(lead_id, Profile(lead_id))
        profile.take(_own(plan, lead_id, row), company_id=employer, overwrite=overwrite)
    return profiles


def _own(plan: Plan, lead_id: UUID, row: NewLead) -> NewLead:
    """The row without an email that belongs to somebody else; a telephone may be shared."""
    is_ours = plan.owners.get((IdentityKind.EMAIL.value, row.email), lead_id) == lead_id
    return row if is_ours else msgspec.structs.replace(row, email="")
