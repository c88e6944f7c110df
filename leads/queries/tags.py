"""Which tags there are, who wears them and what asks about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from leadmgmt.ui.paging import Page, page_of
from leads.models import Company, CompanyTag, Lead, LeadTag, Tag
from leads.uses import Use, all_uses

MOST_SUGGESTED = 200


def with_tags(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows with `worn` (id and name of each tag, by name) and `known_tags` (names).

    In the same statement, because a page of one has many others to ask.
    """
    worn = (
        _worn(rows.model)
        .order_by("tag__key")
        .values(told=JSONObject(id="tag_id", name="tag__name"))
    )
    known = Tag.objects.order_by("key").values("name")[:MOST_SUGGESTED]
    return rows.annotate(worn=ArraySubquery(worn), known_tags=ArraySubquery(known))


def _worn(model: type[Lead | Company]) -> QuerySet[Any]:
    if model is Company:
        return CompanyTag.objects.filter(company=OuterRef("pk"))
    return LeadTag.objects.filter(lead=OuterRef("pk"))


@dataclass(frozen=True)
class TagRow:
    """A tag (with `leads` and `companies`, how many wear it) and what asks about it."""

    tag: Any
    uses: Sequence[Use]


def counted_tags() -> QuerySet[Any]:
    """All tags with `leads` and `companies`: how many of each wear it."""
    tags: QuerySet[Any] = Tag.objects.all()
    return tags.annotate(leads=_wearers(LeadTag), companies=_wearers(CompanyTag))


def listed_tags(query: Mapping[str, str]) -> Page[TagRow]:
    """Tags by name, and what asks about each."""
    page: Page[Any] = page_of(counted_tags(), ("key", "id"), query)
    uses = all_uses() if page.rows else {}
    return page.of([TagRow(each, uses.get(each.pk, ())) for each in page.rows])


def _wearers(model: type[LeadTag | CompanyTag]) -> Any:
    worn = model.objects.filter(tag=OuterRef("pk")).order_by().values("tag")
    return Coalesce(Subquery(worn.annotate(count=Count("pk")).values("count")), 0)
