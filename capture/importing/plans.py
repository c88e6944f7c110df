"""How the rows of one import are read, as a person settled it."""

from collections.abc import Callable, Sequence
from typing import Any

from babel.numbers import get_currency_precision

from capture.importing.columns import is_ours
from capture.importing.rows import Column, Plan, reader_of
from capture.importing.targets import (
    ATTRIBUTE,
    COMPANY_ATTRIBUTE,
    NEW_OF_COMPANY,
    Custom,
    is_new,
    kind_of_new,
    live_fields,
)
from capture.importing.values import DMY, Manner
from capture.models import Import
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import FieldKind
from leads.normalising import default_region

IN_DOUBT = "both"


def plan_of(found: Import) -> Plan:
    """How the rows of this import are read, fields that are not made yet included."""
    custom = live_fields()
    kinds = kinds_of(found.mapping, custom)
    shared = _shared(kinds)
    columns = [
        _column(found, number, target, kind, shared)
        for number, (target, kind) in enumerate(zip(found.mapping, kinds, strict=True))
        if target
    ]
    return Plan(
        width=len(found.columns),
        columns=columns,
        unknown=frozenset(word.lower() for word in found.unknown_words),
        match=found.identity,
        campaign_id=found.campaign_id,
        region=_once(default_region),
        is_escaped=any(is_ours(column["header"]) for column in found.columns),
    )


def kinds_of(mapping: Sequence[str], custom: Custom) -> list[str]:
    """The kind of custom field each column goes to; "" for what is none."""
    return [
        kind_of_new(target)
        if is_new(target)
        else str(custom[target].kind)
        if target in custom
        else ""
        for target in mapping
    ]


def columns_in_doubt(found: Import, mapping: Sequence[str]) -> list[dict[str, Any]]:
    """The columns that become dates and whose days and months could be either way round."""
    kinds = kinds_of(mapping, live_fields())
    return [
        column
        for column, target, kind in zip(found.columns, mapping, kinds, strict=True)
        if column.get("date_order") == IN_DOUBT
        and (target == "first_seen_at" or kind == FieldKind.DATE)
    ]


def _column(found: Import, number: int, target: str, kind: str, shared: dict[str, Any]) -> Column:
    told = found.columns[number]
    order = told.get("date_order") or DMY
    usual = "," if found.delimiter == ";" else "."
    manner = Manner(
        date_order=(found.date_order or DMY) if order == IN_DOUBT else order,
        decimal=told.get("decimal") or usual,
        **shared,
    )
    if is_new(target):
        prefix = COMPANY_ATTRIBUTE if target.startswith(NEW_OF_COMPANY) else ATTRIBUTE
        target = f"{prefix}column_{number}"
    return Column(number, told["header"], target, reader_of(target, kind, manner))


def _shared(kinds: Sequence[str]) -> dict[str, Any]:
    """What cells of money and of people need to know about the workspace."""
    shared: dict[str, Any] = {}
    if FieldKind.MONEY in kinds:
        currency = Workspace.objects.values_list("currency", flat=True).get(
            pk=current_workspace_id()
        )
        shared["digits"] = get_currency_precision(currency)
    if FieldKind.PERSON in kinds:
        shared["members"] = _members()
    return shared


def _members() -> dict[str, str]:
    rows = Member.objects.filter(left_at=None).values_list("pk", "name", "user__email")
    return {word.lower(): str(pk) for pk, name, email in rows for word in (name, email) if word}


def _once(ask: Callable[[], str | None]) -> Callable[[], str | None]:
    told: list[str | None] = []

    def answer() -> str | None:
        if not told:
            told.append(ask())
        return told[0]

    return answer
