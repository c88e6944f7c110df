"""The workspace's own fields, and what one lead says in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from leads.models import CustomField, FieldKind, Lead


def fields_in_use() -> list[CustomField]:
    """The fields we ask for, in order."""
    return list(CustomField.objects.filter(retired_at=None).order_by("position", "id"))


OURS = ("name", "email", "phone", "job_title", "city", "country")


@dataclass(frozen=True)
class Line:
    """One thing a profile says, or does not say yet: how forms call it, and how it reads."""

    name: str
    label: str
    value: str


def lines_of(lead: Lead, fields: Sequence[CustomField]) -> list[Line]:
    """What the profile says field by field, ours and then the workspace's own."""
    labels = {each.attname: capfirst(str(each.verbose_name)) for each in Lead._meta.concrete_fields}
    ours = [Line(name, labels[name], getattr(lead, name)) for name in OURS]
    firm = lead.company.name if lead.company else ""
    ours.insert(OURS.index("city"), Line("company_name", _("Company"), firm))
    own = [
        Line(f"attributes.{each.key}", each.label, readable(lead.attributes.get(each.key), each))
        for each in fields
    ]
    return ours + own


def further_answers_of(lead: Lead, fields: Sequence[CustomField]) -> list[tuple[str, str]]:
    """Key and readable value of what no field in use asks for any more."""
    known = {field.key for field in fields}
    rest = [(key, readable(value)) for key, value in sorted(lead.attributes.items())]
    return [(key, value) for key, value in rest if key not in known and value]


def readable(value: Any, field: CustomField | None = None) -> str:
    """A custom value in words; '' when unknown."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool) or (field and field.kind == FieldKind.YES_NO):
        return _("Yes") if value in (True, "true", "yes", "1", 1) else _("No")
    return f"{value:g}" if isinstance(value, float) else str(value)
