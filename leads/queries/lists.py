"""The lists of leads and companies: what they can be narrowed to and sorted by, from an index."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from leadmgmt.kernel.sql import fetch
from leadmgmt.ui.paging import Page, page_of
from leadmgmt.workspaces.models import Member
from leads.columns import LEADS, Column
from leads.conditions import Sql
from leads.models import Company, Lead, Stage
from leads.models.people import SCORE
from leads.queries.finding import companies_found_by
from leads.queries.listing import Fetched, order_of, read_page
from leads.queries.narrowing import LEAD_FILTERS, Narrowed, narrowed

ROWS = 50
DEFAULT_SORT = "-created"
ME = "me"

# As the API gives them; compiled once, for every request of a list needs it.
LEAD_JSON = Sql(LEADS.as_json().replace("%", "%%"))
BESIDE_JSON = LEADS.tables(LEAD_JSON.text)
LEADS_BY_ID = f"""
SELECT {LEAD_JSON.text} FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS asked (id, n)
JOIN leads_lead lead ON lead.workspace_id = %(workspace)s AND lead.id = asked.id
{BESIDE_JSON} ORDER BY asked.n
"""  # noqa: S608  # nothing but our own table of columns goes in


OWNERS = """
SELECT id, name FROM workspaces_member WHERE workspace_id = %(workspace)s AND left_at IS NULL
ORDER BY name, id
"""


class Owner(NamedTuple):
    """A member, as far as a list has to know."""

    id: UUID
    name: str


class Row(NamedTuple):
    """A line of a list: whose it is, its title with a note, and the values of the columns."""

    id: str
    name: str
    note: str
    values: Sequence[Any]


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


def lead_page(
    query: Mapping[str, str], columns: Sequence[Column], *, member: Member | None
) -> Page[Row]:
    """The page of leads that a link of the list names; wrong words in it narrow nothing.

    The words of LEAD_FILTERS (`class` for `lead_class`, `owner` may be `me`), `sort`, and the
    cursors `after` and `before`.
    """
    shown = ", ".join([LEADS.title, LEADS.note, *(column.sql for column in columns)])
    page = read_page(
        LEADS,
        Sql(shown),
        LEADS.tables(shown),
        narrowed(_as_typed(query, member), LEAD_FILTERS).where,
        order_of(LEADS, query.get("sort", ""), DEFAULT_SORT),
        query,
        size=ROWS,
        is_counted=True,
    )
    return page.of([_row(row) for row in page.rows])


def _row(fetched: Fetched) -> Row:
    name, note, *values, _place, id, _total = fetched
    return Row(id, name or _("Unnamed lead"), note, values)


def _as_typed(query: Mapping[str, str], member: Member | None) -> dict[str, str]:
    """What people type and click, in the words of the filters."""
    asked = {name: _text(value) for name, value in query.items()}
    if "class" in asked:
        asked["lead_class"] = asked["class"]
    if asked.get("owner") == ME and member:
        asked["owner"] = str(member.pk)
    return asked


def leads_as_json(query: Mapping[str, str], found: Narrowed, *, size: int) -> Page[str]:
    """A page of leads, newest first, each one JSON as the API gives it."""
    order = order_of(LEADS, DEFAULT_SORT, DEFAULT_SORT)
    page = read_page(
        *(LEADS, LEAD_JSON, BESIDE_JSON, found.where, order, query), size=size, is_counted=False
    )
    return page.of([row[0] for row in page.rows])


def leads_told(ids: Sequence[UUID]) -> list[msgspec.Raw]:
    """These leads (those that exist), as the API gives them, in this order."""
    return [msgspec.Raw(row[0].encode()) for row in fetch(LEADS_BY_ID, ids=list(ids))]


def sources() -> list[str]:
    """Where leads first came from, by name; at most a hundred."""
    return [row[0] for row in fetch(SOURCES)]


def owners() -> list[Owner]:
    """Members who may hold leads, by name."""
    return [Owner(*row) for row in fetch(OWNERS)]


def company_page(query: Mapping[str, str]) -> Page[Company]:
    """Companies by name; narrowed by `stage` and `q` (words or parts of them)."""
    narrowed = Q()
    if query.get("stage") in Stage.values:
        narrowed &= Q(stage=query["stage"])
    if asked := _text(query.get("q", "")):
        narrowed &= companies_found_by(asked)
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


def _text(text: str) -> str:
    """What a person typed, without what the database cannot hold."""
    return text[:200].replace("\0", "").encode(errors="ignore").decode().strip()
