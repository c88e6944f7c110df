"""Which tags a lead or a company wears, and which there are: read beside the row itself."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from leads.models import Company, CompanyTag, Lead, LeadTag, Tag

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
