"""Questions around merges of companies: what one would do, which there were."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import OuterRef, Q, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.joining import (
    CUSTOM,
    GONE,
    KEPT,
    OF_COMPANIES,
    Choices,
    fields_of,
    is_blank,
    joined_companies,
    value_in,
)
from leads.models import Company, CompanyMerge, CustomField, RemovedCompany, Subject
from leads.queries.fields import Words
from leads.queries.finding import LONGEST
from leads.queries.merging import Choice, Preview, moving_rows

MOST = 20
BOTH = """
SELECT to_jsonb(company) - 'workspace_id' FROM leads_company AS company
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
"""
FIND = "SELECT platform_find_companies(%(asked)s, %(most)s)"


def preview_of_companies(kept_id: UUID, gone_id: UUID, choices: Choices) -> Preview:
    """What merging these two with these choices would do; both must be there."""
    found = (msgspec.json.decode(each[0]) for each in fetch(BOTH, ids=[kept_id, gone_id]))
    rows = {row["id"]: row for row in found}
    kept, gone = rows[str(kept_id)], rows[str(gone_id)]
    result = joined_companies(kept, gone, choices)
    moving = moving_rows(kept_id, gone_id, Company)
    return Preview(_choices(kept, gone, choices), _rules(kept, gone, result), moving)


def merges_panel(company: Company) -> dict[str, Any] | None:
    """The merges into this company, for its page; None when there are none."""
    parcels = RemovedCompany.objects.filter(company_id=OuterRef("gone_id"), cause_id=OuterRef("pk"))
    merges = list(
        CompanyMerge.objects.filter(company=company)
        .select_related("by")
        .annotate(until=Subquery(parcels.values("expires_at")[:1]))
        .order_by("-merged_at", "-pk")
    )
    last = next((each for each in merges if each.undone_at is None), None)
    return (
        {"merges": merges, "last_merge": last if last and last.until else None} if merges else None
    )


def companies_called(asked: str, *, beside: Company) -> list[Company]:
    """Other companies with these words in name or domain, at any place."""
    words = asked[:LONGEST].replace("\0", "").encode(errors="ignore").decode()
    ids = [row[0] for row in fetch(FIND, asked=words, most=MOST + 1)]
    found = Company.objects.filter(pk__in=ids).exclude(pk=beside.pk)
    return list(found.order_by("name", "pk")[:MOST])


def companies_like(company: Company) -> list[Company]:
    """Others whose name, or whose name before the ending of the domain, is the same."""
    alike = Q(name=company.name)
    if company.domain:
        alike |= Q(domain__startswith=f"{company.domain.partition('.')[0]}.")
    found = Company.objects.filter(alike).exclude(pk=company.pk)
    return list(found.order_by("name", "pk")[:MOST])


def label_of_company_field(column: str) -> str:
    """What people call a column of a company; "" for what they do not see."""
    fields = {own: field for field, own in OF_COMPANIES.items()}
    if column.startswith(CUSTOM) or column in fields:
        return _labels().get(fields.get(column, column), column.removeprefix(CUSTOM))
    return ""


def _choices(kept: Any, gone: Any, choices: Choices) -> list[Choice]:
    labels, text = _labels(), _Shown(kept, gone).text
    both = ((field, *_values(kept, gone, field)) for field in fields_of(kept, gone, OF_COMPANIES))
    return [
        Choice(
            field,
            labels.get(field, field.removeprefix(CUSTOM)),
            text(field, of_kept),
            text(field, of_gone),
            choices.get(field, "") or (GONE if is_blank(of_kept) else KEPT),
        )
        for field, of_kept, of_gone in both
        if not (is_blank(of_kept) and is_blank(of_gone))
    ]


def _values(kept: Any, gone: Any, field: str) -> tuple[Any, Any]:
    return value_in(kept, field, OF_COMPANIES), value_in(gone, field, OF_COMPANIES)


def _labels() -> dict[str, str]:
    fields = {each.name: each for each in Company._meta.fields}
    own = {name: capfirst(str(fields[name].verbose_name)) for name in OF_COMPANIES}
    custom = CustomField.objects.filter(subject=Subject.COMPANY).values_list("key", "label")
    return own | {f"{CUSTOM}{key}": label for key, label in custom}


class _Shown:
    """Values as people read them: owners by name, custom ones by their kind."""

    def __init__(self, *rows: Any) -> None:
        owners = Member.objects.filter(pk__in=[row["owner_id"] for row in rows])
        self.names: Mapping[str, str] = {str(each.pk): each.name for each in owners}
        own = CustomField.objects.filter(subject=Subject.COMPANY)
        self.own, self.words = {f"{CUSTOM}{each.key}": each for each in own}, Words()

    def text(self, field: str, value: Any) -> str:
        if is_blank(value):
            return ""
        if field == "owner":
            return str(self.names.get(value, value))
        return self.words.of(value, self.own.get(field))


def _rules(kept: Any, gone: Any, result: Any) -> Sequence[tuple[str, str]]:
    """What follows by itself, for people to read."""
    rules = [(_("Stage"), _("follows from the people of both, by the published rule"))]
    if others := sorted({kept["domain"], gone["domain"]} - {result["domain"], None}):
        said = _("who writes from %s works at the kept company as well")
        rules.append((_("Other domain"), said % others[0]))
    if result["customer_since"]:
        rules.append((_("Customer since"), _("the earlier day of the two")))
    return rules
