"""The lists of leads and companies, for pages and for the API."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leadmgmt.kernel.sql import fetch
from leadmgmt.ui.paging import Page
from leads.columns import COMPANIES, LEADS, Column, Table
from leads.conditions import Sql
from leads.models import Company, Lead
from leads.models.people import SCORE
from leads.queries.listing import Fetched, order_of, read_page

ROWS = 50
NEWEST = "-created"
OWNERS = """
SELECT id, name FROM workspaces_member
WHERE workspace_id = %(workspace)s AND left_at IS NULL AND role <> 'closer'
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


def list_page(
    table: Table, columns: Sequence[Column], where: Sql, sort: str, query: Mapping[str, str]
) -> Page[Row]:
    """The page `after` or `before` of `query` names, of the rows `where` means; at most counted."""
    shown = ", ".join([table.title, table.note, *(column.sql for column in columns)])
    page = read_page(
        *(table, Sql(shown), table.tables(shown), where, order_of(table, sort, sort), query),
        size=ROWS,
        is_counted=True,
    )
    return page.of([_row(row) for row in page.rows])


def _row(fetched: Fetched) -> Row:
    name, note, *values, _place, id, _total = fetched
    return Row(id, name or _("Unnamed lead"), note, values)


class Told:
    """A table as the API gives it, each row one JSON object; compiled once."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.shown = Sql(table.as_json())
        self.beside = table.tables(self.shown.text)
        self.by_id = f"""
SELECT {self.shown.text} FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS asked (id, n)
JOIN {table.table} {table.alias}
    ON {table.alias}.workspace_id = %(workspace)s AND {table.alias}.id = asked.id
{self.beside} ORDER BY asked.n
"""  # noqa: S608  # nothing but our own table of columns goes in

    def page(self, where: Sql, sort: str, query: Mapping[str, str], size: int) -> Page[str]:
        """A page of it."""
        order = order_of(self.table, sort, sort)
        page = read_page(
            *(self.table, self.shown, self.beside, where, order, query),
            size=size,
            is_counted=False,
        )
        return page.of([row[0] for row in page.rows])

    def of(self, ids: Sequence[UUID]) -> list[msgspec.Raw]:
        """Those of these that exist, in this order."""
        return [msgspec.Raw(row[0].encode()) for row in fetch(self.by_id, ids=list(ids))]


LEADS_TOLD = Told(LEADS)
COMPANIES_TOLD = Told(COMPANIES)


def leads_told(ids: Sequence[UUID]) -> list[msgspec.Raw]:
    """These leads as the API gives them."""
    return LEADS_TOLD.of(ids)


def owners() -> list[Owner]:
    """Members who may hold leads, by name."""
    return [Owner(*row) for row in fetch(OWNERS)]


def people_of(company: Company) -> QuerySet[Lead]:
    """Its people, the furthest and hottest first."""
    people: QuerySet[Lead] = Lead.objects.filter(company=company)
    return people.order_by(SCORE.desc(), "-id")
