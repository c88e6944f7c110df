"""The workspace's own fields, and what one lead says in them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from leads.models import CustomField, FieldKind, Lead


def fields_in_use() -> list[CustomField]:
    """The fields we ask for, in order."""
    return list(CustomField.objects.filter(retired_at=None).order_by("position", "id"))


def answers_of(lead: Lead, fields: Sequence[CustomField]) -> list[tuple[str, str]]:
    """Label and readable value of what is known about `lead`, in the order of the fields.

    Values of no field in use come last, under their key.
    """
    known = dict(lead.attributes)
    told = [(field.label, readable(known.pop(field.key, None), field)) for field in fields]
    rest = [(key, readable(value)) for key, value in sorted(known.items())]
    return [(label, value) for label, value in told + rest if value]


def readable(value: Any, field: CustomField | None = None) -> str:
    """A custom value in words; '' when unknown."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool) or (field and field.kind == FieldKind.YES_NO):
        return _("Yes") if value in (True, "true", "yes", "1", 1) else _("No")
    return f"{value:g}" if isinstance(value, float) else str(value)
