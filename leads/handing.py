"""Handing the rows of one lead to another, in every app's tables, and handing them back.

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
from leads.models import Lead

Moved = dict[str, list[str]]
"""Label of a model, or of a model and its reference to a twin → ids of its rows."""


def moving_models() -> list[type[Model]]:
    """Whose rows change hands, parents before children."""
    hanging = [
        each.model
        for each in hanging_tables()
        if each.leads == ("lead_id",) and getattr(each.model, "moves_in_merge", True)
    ]
    loose = {way.table for way in loose_references() if way.target == Lead._meta.db_table}
    return hanging + [model for model in apps.get_models() if model._meta.db_table in loose]


def rows_to_move(model: type[Model], *, kept_id: UUID, gone_id: UUID) -> QuerySet[Any]:
    """The rows of `gone_id` that can be `kept_id`'s."""
    rows = _rows(model).filter(lead_id=gone_id)
    for constraint in _once_per(model, "lead"):
        rows = rows.exclude(_is_there(model, constraint, "lead", kept_id))
    for name in _needed(model):
        rows = rows.exclude(**{f"{name}__lead_id": gone_id})
    return rows


def hand_over(*, kept_id: UUID, gone_id: UUID) -> Moved:
    """Move what can move; which rows did. Both leads are locked already."""
    moved: Moved = {}
    for model in moving_models():
        ids = list(
            rows_to_move(model, kept_id=kept_id, gone_id=gone_id).values_list("pk", flat=True)
        )
        if ids:
            _rows(model).filter(lead_id=gone_id, pk__in=ids).update(lead_id=kept_id)
            moved[model._meta.label] = [str(id) for id in ids]
    return moved | _join_twins(kept_id, gone_id)


def hand_back(moved: Mapping[str, Sequence[str]], *, kept_id: UUID, gone_id: UUID) -> None:
    """Return the rows that are still the kept lead's, or its twin's."""
    joined = {f"{model._meta.label}.{name}": (model, name) for model, name in _joining()}
    for label, ids in moved.items():
        model, name = joined.get(label) or (apps.get_model(label), "lead")
        twins = (kept_id, gone_id) if name == "lead" else _twins(model, name, kept_id, gone_id)
        if twins:
            _rows(model).filter(**{name: twins[0]}, pk__in=ids).update(**{name: twins[1]})


def _join_twins(kept_id: UUID, gone_id: UUID) -> Moved:
    """Give what hangs on a row that stays behind to the row it would be twice with."""
    moved: Moved = {}
    for model, name in _joining():
        twins = _twins(model, name, kept_id, gone_id)
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
def _joining() -> tuple[tuple[type[Model], str], ...]:
    """Models with their references to rows of which a lead has one, and two leads two."""
    return tuple(
        (model, field.name)
        for model in apps.get_models()
        if getattr(model, "moves_in_merge", True)
        for field in references_of(model)
        if getattr(field.related_model, "joins_in_merge", False)
    )


def _twins(model: type[Model], name: str, kept_id: UUID, gone_id: UUID) -> tuple[UUID, UUID] | None:
    """The rows of both leads a reference may point at, where both have one."""
    parents = _rows(model._meta.get_field(name).related_model)
    found = dict(parents.filter(lead_id__in=(kept_id, gone_id)).values_list("lead_id", "pk"))
    return (found[kept_id], found[gone_id]) if len(found) > 1 else None


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


def _needed(model: type[Model]) -> list[str]:
    """References to rows that may have stayed behind."""
    moving = {each.model for each in hanging_tables() if each.leads == ("lead_id",)}
    return [
        field.name
        for field in references_of(model)
        if field.name != "lead" and field.related_model in moving and not field.null
    ]
