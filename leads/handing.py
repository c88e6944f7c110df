"""Handing the rows of one lead to another, in every app's tables, and handing them back.

Rows that would be there twice (the same tag, the same running sequence) stay with the lead that
goes, and with them the rows that need them. Models with `moves_in_merge = False` stay altogether:
what they hold is about that lead only, or is worked out anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UniqueConstraint

from leadmgmt.kernel.fencing import references_of
from leads.hanging import hanging_tables, loose_references
from leads.models import Lead

Moved = dict[str, list[str]]
"""Label of a model → ids of its rows."""


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
    for constraint in _once_per_lead(model):
        rows = rows.exclude(_is_there(model, constraint, kept_id))
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
    return moved


def hand_back(moved: Mapping[str, Sequence[str]], *, kept_id: UUID, gone_id: UUID) -> None:
    """Return the rows that are still the kept lead's."""
    for label, ids in moved.items():
        _rows(apps.get_model(label)).filter(lead_id=kept_id, pk__in=ids).update(lead_id=gone_id)


def _rows(model: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.all()
    return rows


def _once_per_lead(model: type[Model]) -> list[UniqueConstraint]:
    return [
        each
        for each in model._meta.constraints
        if isinstance(each, UniqueConstraint) and "lead" in each.fields
    ]


def _is_there(model: type[Model], constraint: UniqueConstraint, kept_id: UUID) -> Q:
    """The row, and one of the kept lead, that may be there only once."""
    others = [name for name in constraint.fields if name not in ("lead", "workspace")]
    condition = constraint.condition or Q()
    twin = _rows(model).filter(condition, lead_id=kept_id, **{n: OuterRef(n) for n in others})
    return condition & Q(Exists(twin))


def _needed(model: type[Model]) -> list[str]:
    """References to rows that may have stayed behind."""
    moving = {each.model for each in hanging_tables() if each.leads == ("lead_id",)}
    return [
        field.name
        for field in references_of(model)
        if field.name != "lead" and field.related_model in moving and not field.null
    ]
