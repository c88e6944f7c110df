"""What hangs on a lead or a company, in every app, read from the models: no list is kept by hand.

A row hangs on a lead when it names the lead, or a row that hangs on it, by a reference that
cascades. A reference that is set null instead is *loose*: its row stays and forgets the lead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from leadmgmt.kernel.fencing import references_of
from leads.models import Lead

STAYING = frozenset({"leads.Visitor.lead"})
"""Cascading references treated as loose: a browser whose lead is taken out is anonymous again.

What it did hangs on the lead by itself; and the browser may come back before the lead does.
"""


@dataclass(frozen=True)
class Way:
    """A reference of one table to another: its column, and the table it points at."""

    table: str
    column: str
    target: str


@dataclass(frozen=True)
class Hanging:
    """A table whose rows go with their lead (or company).

    `leads`: the columns that name the lead (the company) itself. A table without any hangs on
    the rows of another table (`parent`).
    """

    model: type[models.Model]
    leads: tuple[str, ...]
    parent: Way | None = None

    @property
    def table(self) -> str:
        """Its name in the database."""
        return str(self.model._meta.db_table)

    @property
    def columns(self) -> tuple[str, ...]:
        """Those that are written, beside the workspace."""
        fields = self.model._meta.local_concrete_fields
        names = (each.column for each in fields if each.column and not each.generated)
        return tuple(name for name in names if name != "workspace_id")


@cache
def hanging_tables(root: type[models.Model] = Lead) -> tuple[Hanging, ...]:
    """Every table whose rows go with a lead (or a company), parents before children; its own first.

    To delete in this order backwards, or in one statement, is safe: references are checked at
    the end of the transaction.
    """
    found: dict[type[models.Model], Hanging] = {root: Hanging(root, ("id",))}
    while fresh := [each for each in _next(found, root) if each.model not in found]:
        found.update((each.model, each) for each in fresh)
    return _parents_first(found)


@cache
def loose_references(root: type[models.Model] = Lead) -> tuple[Way, ...]:
    """Every reference to a hanging row that is forgotten when the row goes."""
    hanging = {each.model for each in hanging_tables(root)}
    return tuple(
        _way(model, field)
        for model, field in _references()
        if field.related_model in hanging and not _cascades(model, field)
    )


def references_from(model: type[models.Model]) -> list[tuple[Way, bool]]:
    """All references of a table to rows of its workspace, and whether each may be empty."""
    return [(_way(model, field), bool(field.null)) for field in references_of(model)]


def _next(found: dict[type[models.Model], Hanging], root: type[models.Model]) -> Iterator[Hanging]:
    """Tables that hang on those found; one that names the root does not ask further."""
    for model in _models():
        ways = [field for field in references_of(model) if _cascades(model, field)]
        leads = tuple(field.column for field in ways if field.related_model is root)
        parents = [_way(model, field) for field in ways if field.related_model in found]
        if leads:
            yield Hanging(model, leads)
        elif parents:
            yield Hanging(model, (), parents[0])


def _parents_first(found: dict[type[models.Model], Hanging]) -> tuple[Hanging, ...]:
    ordered: dict[type[models.Model], Hanging] = {}

    def add(model: type[models.Model]) -> None:
        for field in references_of(model):
            target = field.related_model
            if target in found and target is not model and target not in ordered:
                add(target)
        ordered[model] = found[model]

    for model in found:
        add(model)
    return tuple(ordered.values())


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if not model._meta.proxy]


def _references() -> Iterator[tuple[type[models.Model], Any]]:
    return ((model, field) for model in _models() for field in references_of(model))


def _cascades(model: type[models.Model], field: Any) -> bool:
    is_cascade = field.remote_field.on_delete is models.CASCADE
    return is_cascade and f"{model._meta.label}.{field.name}" not in STAYING


def _way(model: type[models.Model], field: Any) -> Way:
    return Way(model._meta.db_table, field.column, field.related_model._meta.db_table)
