"""The workspace's own fields, and what one lead says in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from leadmgmt.ui import formatting
from leadmgmt.workspaces.models import Member
from leads.conditions.currency import currency_code
from leads.models import Company, CustomField, FieldKind, Lead, Subject


def fields_in_use(subject: str = Subject.LEAD) -> list[CustomField]:
    """The fields we ask for, in order."""
    rows = CustomField.objects.filter(subject=subject, retired_at=None)
    return list(rows.order_by("position", "id"))


OURS = ("name", "email", "phone", "job_title", "city", "country")


@dataclass(frozen=True)
class Line:
    """One thing a profile says, or does not say yet: how forms call it, and how it reads."""

    name: str
    label: str
    value: str
    url: str = ""


def lines_of(lead: Lead, fields: Sequence[CustomField]) -> list[Line]:
    """What the profile says field by field, ours and then the workspace's own."""
    labels = {each.attname: capfirst(str(each.verbose_name)) for each in Lead._meta.concrete_fields}
    ours = [Line(name, labels[name], getattr(lead, name)) for name in OURS]
    firm = lead.company.name if lead.company else ""
    ours.insert(OURS.index("city"), Line("company_name", _("Company"), firm))
    return ours + own_lines_of(lead, fields)


def own_lines_of(of: Lead | Company, fields: Sequence[CustomField]) -> list[Line]:
    """What the workspace's own fields say about a lead or a company."""
    words = Words()
    return [_line(each, of.attributes.get(each.key), words) for each in fields]


def _line(field: CustomField, value: Any, words: "Words") -> Line:
    url = str(value) if field.kind == FieldKind.LINK and is_of_web(value) else ""
    return Line(f"attributes.{field.key}", field.label, words.of(value, field), url)


def is_of_web(value: Any) -> bool:
    """Only such addresses may be clicked."""
    return isinstance(value, str) and value.lower().startswith(("https://", "http://"))


def further_answers_of(of: Lead | Company, fields: Sequence[CustomField]) -> list[tuple[str, str]]:
    """Key and readable value of what no field in use asks for any more."""
    known = {field.key for field in fields}
    rest = [(key, readable(value)) for key, value in sorted(of.attributes.items())]
    return [(key, value) for key, value in rest if key not in known and value]


class Words:
    """Custom values in words; what they need to know is asked once for all of them."""

    @cached_property
    def currency(self) -> str:
        """What amounts are in."""
        return currency_code()

    @cached_property
    def members(self) -> Mapping[str, str]:
        """Their names, also of those who have left."""
        return {str(id): name for id, name in Member.objects.values_list("id", "name")}

    def of(self, value: Any, field: CustomField | None = None) -> str:
        """One value; '' when unknown, and as it is when it does not fit its field."""
        if value in (None, "", []):
            return ""
        kind = field.kind if field else ""
        if kind == FieldKind.MONEY and isinstance(value, int):
            return formatting.money(value, self.currency)
        if kind == FieldKind.PERSON:
            return self.members.get(str(value), str(value))
        if kind == FieldKind.DATE and (day := _day(value)):
            return formatting.day(day)
        if isinstance(value, bool) or kind == FieldKind.YES_NO:
            return _("Yes") if value in (True, "true", "yes", "1", 1) else _("No")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return f"{value:.15g}" if isinstance(value, float) else str(value)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def readable(value: Any, field: CustomField | None = None) -> str:
    """A custom value in words; '' when unknown."""
    return Words().of(value, field)
