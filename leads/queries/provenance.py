"""Where the values of a profile came from, and what they were before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from leadmgmt.ui import formatting
from leadmgmt.ui.paging import Page, page_of
from leads.models import (
    Company,
    CompanyChange,
    CustomField,
    IdentityKind,
    Lead,
    ProfileChange,
    Subject,
    Via,
)
from leads.origins import names_of
from leads.queries.fields import Words


@dataclass(frozen=True)
class Told:
    """One change of one field, in words."""

    change: ProfileChange | CompanyChange
    field: str
    old: str
    new: str
    origin: str


def origins_of(lead: Lead) -> dict[str, str]:
    """Field → where its value came from, in one sentence; only of those that were changed.

    The employer stands under `company_name`.
    """
    rows = ProfileChange.objects.filter(lead=lead).select_related("by")
    last = list(rows.order_by("field", "-changed_at", "-id").distinct("field"))
    names = names_of((row.via, row.via_id) for row in last)
    told = {row.field: sentence_of(row, names.get(row.via_id, "")) for row in last}
    if "company_id" in told:
        told["company_name"] = told.pop("company_id")
    return told


def sentence_of(change: ProfileChange | CompanyChange | None, name: str = "") -> str:
    """`Changed by Rita, 3 hours ago`; `From the import “Fair”, 3 Nov 2026`."""
    if change is None:
        return _("Changed by somebody")
    told = {"when": formatting.ago(change.changed_at), "by": change.by, "name": name}
    if change.via == Via.IMPORT:
        told["when"] = formatting.day(change.changed_at)
        return (
            _("From the import “%(name)s”, %(when)s") if name else _("From an import, %(when)s")
        ) % told
    if change.via == Via.FORM:
        told["when"] = formatting.day(change.changed_at)
        return (
            _("From the form “%(name)s”, %(when)s") if name else _("From a form, %(when)s")
        ) % told
    if change.by:
        return _("Changed by %(by)s, %(when)s") % told
    return _("Changed through %(door)s, %(when)s") % {**told, "door": change.get_via_display()}


def history_of(lead: Lead, fields: Sequence[CustomField], query: Mapping[str, str]) -> Page[Told]:
    """What the profile said before, the latest first; `field` narrows it to one."""
    rows = ProfileChange.objects.filter(lead=lead).select_related("by")
    if field := query.get("field", ""):
        rows = rows.filter(field="company_id" if field == "company_name" else field)
    page = page_of(rows, ("-changed_at", "-id"), query, is_counted=False)
    names = names_of((row.via, row.via_id) for row in page.rows)
    firms = _firms(page.rows)
    own, words = {field.key: field for field in fields}, Words()
    return page.of(
        [
            Told(
                row,
                label_of(row.field, own),
                _in_words(row.field, row.old, own, firms, words),
                _in_words(row.field, row.new, own, firms, words),
                sentence_of(row, names.get(row.via_id, "")),
            )
            for row in page.rows
        ]
    )


def history_of_company(company: Company, query: Mapping[str, str]) -> Page[Told]:
    """What we knew of a company before, the latest first."""
    rows = CompanyChange.objects.filter(company=company).select_related("by")
    page = page_of(rows, ("-changed_at", "-id"), query, is_counted=False)
    names = names_of((row.via, row.via_id) for row in page.rows)
    own = {field.key: field for field in CustomField.objects.filter(subject=Subject.COMPANY)}
    words = Words()
    return page.of(
        [
            Told(
                row,
                label_of(row.field, own, Company),
                _of_company(row.field, row.old, own, words),
                _of_company(row.field, row.new, own, words),
                sentence_of(row, names.get(row.via_id, "")),
            )
            for row in page.rows
        ]
    )


def _of_company(field: str, value: Any, own: Mapping[str, CustomField], words: Words) -> str:
    if field == "owner":
        return words.members.get(str(value), "")
    return words.of(value, own.get(field.removeprefix("attributes.")))


def label_of(field: str, own: Mapping[str, CustomField], model: type[Lead | Company] = Lead) -> str:
    """What people call a field of a profile."""
    if field.startswith("attributes."):
        key = field.removeprefix("attributes.")
        return own[key].label if key in own else key
    kind = field.removeprefix("identities.")
    if kind != field:
        return str(dict(IdentityKind.choices).get(kind, kind))
    known = {each.attname: each.verbose_name for each in model._meta.concrete_fields}
    return capfirst(str(known.get(field, field)))


def _in_words(
    field: str,
    value: Any,
    own: Mapping[str, CustomField],
    firms: Mapping[str, str],
    words: Words,
) -> str:
    if field == "company_id":
        return firms.get(str(value), "")
    return words.of(value, own.get(field.removeprefix("attributes.")))


def _firms(rows: Iterable[ProfileChange]) -> dict[str, str]:
    asked = {value for row in rows if row.field == "company_id" for value in (row.old, row.new)}
    asked.discard(None)
    if not asked:
        return {}
    found = Company.objects.filter(pk__in=asked).values_list("id", "name")
    return {str(id): name for id, name in found}
