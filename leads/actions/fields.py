"""Deciding what else to know about every lead."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leads import normalising
from leads.models import CustomField, FieldKind

MOST_FIELDS = 100
MOST_CHOICES = 200


class CannotAddField(Refusal):
    """The key is taken or missing, or a choice has nothing to choose from."""


def add_field(
    *, label: str, kind: str, choices: Sequence[str] = (), key: str = "", now: datetime
) -> CustomField:
    """Ask for one more thing about every lead; its key is made of its label when none is given.

    The key never changes, because conditions, imports and integrations name it.
    """
    label = normalising.plain_text(label, field="label", most=120)
    key = key or slugify(label, allow_unicode=False).replace("-", "_")[:60]
    offered = [text for text in (" ".join(choice.split()) for choice in choices) if text]
    _refuse_wrong(key, kind, offered)
    try:
        with transaction.atomic():
            field: CustomField = CustomField.objects.create(
                key=key, label=label, kind=kind, choices=offered, position=_last() + 1
            )
    except IntegrityError as problem:
        raise CannotAddField(
            _("Another field already has the key “%s”; choose another one.") % key, field="key"
        ) from problem
    return field


def rename_field(field: CustomField, *, label: str) -> None:
    """Call it something else; its key and its values stay."""
    field.label = normalising.plain_text(label, field="label", most=120)
    if not field.label:
        raise CannotAddField(_("A field needs a name."), field="label")
    field.save(update_fields=["label"])


def retire_field(field: CustomField, *, now: datetime) -> None:
    """Ask for it no more; the values leads have are kept and come back with `restore_field`."""
    field.retired_at = now
    field.save(update_fields=["retired_at"])


def restore_field(field: CustomField) -> None:
    """Ask for it again."""
    field.retired_at = None
    field.save(update_fields=["retired_at"])


def _refuse_wrong(key: str, kind: str, choices: Sequence[str]) -> None:
    if not key:
        raise CannotAddField(
            _("Give a key of Latin letters, digits and underscores; the name has none."),
            field="key",
        )
    if kind == FieldKind.CHOICE and not 1 <= len(choices) <= MOST_CHOICES:
        raise CannotAddField(
            _("A choice needs 1 to %d answers to choose from, one in each line.") % MOST_CHOICES,
            field="choices",
        )
    if CustomField.objects.filter(retired_at=None).count() >= MOST_FIELDS:
        raise CannotAddField(
            _("A workspace has at most %d fields of its own; retire one first.") % MOST_FIELDS
        )


def _last() -> int:
    last = CustomField.objects.aggregate(last=Max("position"))["last"]
    return -1 if last is None else int(last)
