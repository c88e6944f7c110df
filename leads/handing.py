"""Handing the rows of one lead (or company) to another, in every app, and handing them back.

Rows that would be there twice (the same tag, the same running sequence) stay with the lead that
goes, and with them the rows that need them; of models with `joins_in_merge = True` those rows go to
the twin instead. Models with `moves_in_merge = False` stay altogether: what they hold is about that
lead only, or is worked out anew.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UniqueConstraint

from leadmgmt.kernel.fencing import references_of
from leads.hanging import hanging_tables, loose_references
from leads.models import Company, Lead

Root = type[Lead] | type[Company]
Moved = dict[str, list[str]]
"""Label of a model, or of a model and its reference to a twin → ids of its rows."""


def moving_models(root: Root = Lead) -> list[type[Model]]:
    """Whose rows change hands, parents before children."""
    hanging = [
        each.model
        for each in hanging_tables(root)
        if each.leads == (f"{_name(root)}_id",) and getattr(each.model, "moves_in_merge", True)
    ]
    loose = {way.table for way in loose_references(root) if way.target == root._meta.db_table}
    return hanging + [model for model in apps.get_models() if model._meta.db_table in loose]


def rows_to_move(
    model: type[Model], *, kept_id: UUID, gone_id: UUID, root: Root = Lead
) -> QuerySet[Any]:
    """The rows of `gone_id` that can be `kept_id`'s."""
    whose = _name(root)
    rows = _rows(model).filter(**{whose: gone_id})
    for constraint in _once_per(model, whose):
        rows = rows.exclude(_is_there(model, constraint, whose, kept_id))
    for name in _needed(model, root):
        rows = rows.exclude(**{f"{name}__{whose}_id": gone_id})
    return rows


def hand_over(*, kept_id: UUID, gone_id: UUID, root: Root = Lead) -> Moved:
    """Move what can move; which rows did. Both are locked already."""
    moved: Moved = {}
    whose = _name(root)
    for model in moving_models(root):
        moving = rows_to_move(model, kept_id=kept_id, gone_id=gone_id, root=root)
        ids = list(moving.values_list("pk", flat=True))
        if ids:
            _rows(model).filter(**{whose: gone_id}, pk__in=ids).update(**{whose: kept_id})
            moved[model._meta.label] = [str(id) for id in ids]
    return moved | _join_twins(kept_id, gone_id, root)


def hand_back(
    moved: Mapping[str, Sequence[str]], *, kept_id: UUID, gone_id: UUID, root: Root = Lead
) -> None:
    """Return the rows that are still the kept one's, or its twin's."""
    whose = _name(root)
    joined = {f"{model._meta.label}.{name}": (model, name) for model, name in _joining(root)}
    for label, ids in moved.items():
        model, name = joined.get(label) or (apps.get_model(label), whose)
        twins: Sequence[UUID] = (kept_id, gone_id)
        if label in joined:
            twins = _twins(model, name, kept_id, gone_id, root) or ()
        if twins:
            _rows(model).filter(**{name: twins[0]}, pk__in=ids).update(**{name: twins[1]})


def _join_twins(kept_id: UUID, gone_id: UUID, root: Root) -> Moved:
    """Give what hangs on a row that stays behind to the row it would be twice with."""
    moved: Moved = {}
    for model, name in _joining(root):
        twins = _twins(model, name, kept_id, gone_id, root)
        if twins is None:
            continue
        kept, gone = twins
        rows = _rows(model).filter(**{name: gone})
        for constraint in _once_per(model, name):
            rows = rows.exclude(_is_there(model, constraint, name, kept))
        ids = list(rows.values_list("pk", flat=True))
        if ids:
            _rows(model).filter(pk__in=ids).update(**{name: kept})
            moved[f"{model._meta.label}.{name}"] = [str(id) for id in ids]
    return moved


@cache
def _joining(root: Root) -> tuple[tuple[type[Model], str], ...]:
    """Models with their references to rows of which one has one, and two have two."""
    return tuple(
        (model, field.name)
        for model in apps.get_models()
        if getattr(model, "moves_in_merge", True)
        for field in references_of(model)
        if getattr(field.related_model, "joins_in_merge", False)
        and any(each.related_model is root for each in references_of(field.related_model))
    )


def _twins(
    model: type[Model], name: str, kept_id: UUID, gone_id: UUID, root: Root
) -> tuple[UUID, UUID] | None:
    """The rows of both a reference may point at, where both have one."""
    whose = _name(root)
    parents = _rows(model._meta.get_field(name).related_model)
    both = parents.filter(**{f"{whose}__in": (kept_id, gone_id)})
    found = dict(both.values_list(f"{whose}_id", "pk"))
    return (found[kept_id], found[gone_id]) if len(found) > 1 else None


def _name(root: Root) -> str:
    """What references to it are called."""
    return "lead" if root is Lead else "company"


def _rows(model: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.all()
    return rows


def _once_per(model: type[Model], name: str) -> list[UniqueConstraint]:
    return [
        each
        for each in model._meta.constraints
        if isinstance(each, UniqueConstraint) and name in each.fields
    ]


def _is_there(model: type[Model], constraint: UniqueConstraint, name: str, kept: UUID) -> Q:
    """The row, and one of the kept lead or twin, that may be there only once."""
    others = [each for each in constraint.fields if each not in (name, "workspace")]
    condition = constraint.condition or Q()
    twin = _rows(model).filter(condition, **{name: kept}, **{n: OuterRef(n) for n in others})
    return condition & Q(Exists(twin))


def _needed(model: type[Model], root: Root) -> list[str]:
    """References to rows that may have stayed behind."""
    whose = _name(root)
    moving = {each.model for each in hanging_tables(root) if each.leads == (f"{whose}_id",)}
    return [
        field.name
        for field in references_of(model)
        if field.name != whose and field.related_model in moving and not field.null
    ]
