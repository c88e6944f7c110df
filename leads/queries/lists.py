"""The list of leads: what it can be narrowed to and sorted by, each from an index."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from leadmgmt.kernel.sql import fetch
from leadmgmt.ui.paging import Page, page_of
from leadmgmt.workspaces.models import Member
from leads.models import Company, Lead, LeadClass, Stage
from leads.models.people import ACTIVE_AT, SCORE
from leads.queries.finding import found_by

ROWS = 50
DEFAULT_SORT = "-created"
NOBODY = "nobody"
ME = "me"

ORDERS = {
    "created": ("created_at", "id"),
    "score": ("shown_score", "id"),
    "last": ("active_at", "id"),
}
SHOWN = {"shown_score": SCORE, "active_at": ACTIVE_AT}

# Jumps from one value to the next through the index, instead of reading every lead.
SOURCES = """
WITH RECURSIVE step AS (
    (SELECT source FROM leads_lead WHERE workspace_id = %(workspace)s ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (SELECT source FROM leads_lead
            WHERE workspace_id = %(workspace)s AND source > step.source
            ORDER BY source LIMIT 1)
    FROM step WHERE step.source IS NOT NULL
)
SELECT source FROM step WHERE source <> '' LIMIT 100
"""


def lead_page(query: Mapping[str, str], *, member: Member | None) -> Page[Lead]:
    """The page of leads that a link of the list names; wrong words in it narrow nothing.

    `stage`, `class`, `owner` (an id, `me`, `nobody`), `source`, `campaign`,
    `company`, `q`, `sort`, and the
    cursors of `page_of`.
    """
    name, is_down = _sort(query.get("sort", ""))
    order = [f"-{field}" if is_down else field for field in ORDERS[name]]
    rows = Lead.objects.filter(_narrowed(query, member)).defer("attributes")
    return page_of(rows.select_related("company").annotate(**SHOWN), order, query, size=ROWS)


def sources() -> list[str]:
    """Where leads first came from, by name; at most a hundred."""
    return [row[0] for row in fetch(SOURCES)]


def owners() -> list[Member]:
    """Members who may hold leads, by name."""
    return list(Member.objects.filter(left_at=None).order_by("name", "id"))


def company_page(query: Mapping[str, str]) -> Page[Company]:
    """Companies by name; narrowed by `stage` and `q` (anywhere in name or domain)."""
    narrowed = Q()
    if query.get("stage") in Stage.values:
        narrowed &= Q(stage=query["stage"])
    if asked := _text(query.get("q", "")):
        narrowed &= Q(name__icontains=asked) | Q(domain__icontains=asked)
    page = page_of(Company.objects.filter(narrowed), ("name", "id"), query, size=ROWS)
    _count_people(page.rows)
    return page


def _count_people(companies: Sequence[Any]) -> None:
    """Put the number of its people on each company of one page."""
    ids = [company.pk for company in companies]
    counted = Lead.objects.filter(company__in=ids).values_list("company").annotate(Count("id"))
    people = dict(counted.order_by())
    for company in companies:
        company.people_count = people.get(company.pk, 0)


def people_of(company: Company) -> QuerySet[Lead]:
    """Its people, the furthest and hottest first."""
    people: QuerySet[Lead] = Lead.objects.filter(company=company)
    return people.order_by(SCORE.desc(), "-id")


def _sort(asked: str) -> tuple[str, bool]:
    name = asked.removeprefix("-")
    return (name, asked.startswith("-")) if name in ORDERS else ("created", True)


def _narrowed(query: Mapping[str, str], member: Member | None) -> Q:
    narrowed = Q()
    if query.get("stage") in Stage.values:
        narrowed &= Q(stage=query["stage"])
    if query.get("class") in LeadClass.values:
        narrowed &= Q(lead_class=query["class"])
    if query.get("source"):
        narrowed &= Q(source=_text(query["source"]))
    if query.get("owner"):
        narrowed &= _owned(query["owner"], member)
    for name in ("campaign", "company"):
        if of := _uuid(query.get(name, "")):
            narrowed &= Q(**{name: of})
    if asked := _text(query.get("q", "")):
        narrowed &= found_by(asked)
    return narrowed


def _owned(asked: str, member: Member | None) -> Q:
    if asked == NOBODY:
        return Q(owner=None)
    if asked == ME and member:
        return Q(owner=member)
    owner = _uuid(asked)
    return Q(owner=owner) if owner else Q()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _text(text: str) -> str:
    """What a person typed, without what the database cannot hold."""
    return text[:200].replace("\0", "").encode(errors="ignore").decode().strip()
