"""What an address asks a list for, spelled out: filters, columns, order and the view they are from.

`?view=<id>` alone is the view as it was saved; any other word makes the address say everything
itself, and the view is only the one that is being looked at.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.columns import COMPANIES, LEADS, Table
from leads.conditions import Sql, parse
from leads.conditions.sql.pieces import joined
from leads.models.views import SavedView, Subject
from leads.normalising import WrongValue
from leads.queries.narrowing import COMPANY_FILTERS, LEAD_FILTERS, Filter, Narrowed, narrowed

ME = "me"
CONDITION = "condition"
LONGEST = {CONDITION: 8_000}
CURSORS = ("after", "before")


@dataclass(frozen=True)
class Listing:
    """One of the lists: whose rows, what narrows them, and how they look unless asked otherwise.

    `holds`: the rows for which a condition, which is about the row `lead`, holds.
    """

    subject: Subject
    table: Table
    filters: tuple[Filter, ...]
    columns: tuple[str, ...]
    sort: str
    holds: Callable[[Sql], Sql]

    @property
    def words(self) -> tuple[str, ...]:
        """What narrows it, as addresses say it."""
        return (*(each.name for each in self.filters), CONDITION)


def _of_leads(condition: Sql) -> Sql:
    return condition.inside("(", ") IS TRUE")


def _of_their_people(condition: Sql) -> Sql:
    """Companies any of whose people meet it."""
    people = "SELECT lead.company_id FROM leads_lead AS lead WHERE lead.workspace_id = %s AND ("
    found = Sql(f"company.id IN ({people}", (current_workspace_id(),))
    return joined("", [found, condition, Sql(") IS TRUE)")])


LEAD_LIST = Listing(
    Subject.LEAD,
    LEADS,
    LEAD_FILTERS,
    ("stage", "lead_class", "score", "source", "owner", "created_at", "last_activity_at"),
    "-created",
    _of_leads,
)
COMPANY_LIST = Listing(
    Subject.COMPANY,
    COMPANIES,
    COMPANY_FILTERS,
    ("stage", "people", "country", "owner", "last_activity_at", "customer_since"),
    "name",
    _of_their_people,
)


@dataclass(frozen=True)
class Asked:
    """A list as it is being looked at."""

    listing: Listing
    filters: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    sort: str = ""
    view: SavedView | None = None

    def without(self, *names: str) -> "Asked":
        """The same, not narrowed by these."""
        return replace(self, filters={k: v for k, v in self.filters.items() if k not in names})

    def also(self, name: str, value: str) -> "Asked":
        """The same, narrowed by one more word, or by another value of it."""
        return replace(self, filters={**self.filters, name: value})

    @property
    def words(self) -> list[tuple[str, str]]:
        """Everything, as an address says it."""
        said = [("view", str(self.view.pk))] if self.view else []
        said += self.filters.items()
        if self.view or self.columns != self.listing.columns:
            said.append(("columns", ",".join(self.columns)))
        if self.sort != self.listing.sort:
            said.append(("sort", self.sort))
        return said

    @property
    def address(self) -> str:
        """A link to this very list."""
        return f"?{urlencode(self.words)}"

    @property
    def is_as_saved(self) -> bool:
        """Nothing was changed since the view was opened."""
        return self.view is not None and self == of_view(self.listing, self.view)


def asked_of(query: QueryDict, listing: Listing, view: SavedView | None = None) -> Asked:
    """What `query` asks for; words that mean nothing are left out. `view` is the one it names."""
    if view and set(query) <= {"view", "panel", *CURSORS}:
        return of_view(listing, view)
    said = {name: str(text) for name, text in query.items()}
    if "class" in said:  # as older links have it
        said.setdefault("lead_class", said["class"])
    names = [name for words in query.getlist("columns") for name in words.split(",") if name]
    return Asked(
        listing,
        {name: text for name in listing.words if (text := _text(said.get(name, ""), name))},
        tuple(dict.fromkeys(names))[:60] or listing.columns,
        _sort(said.get("sort", ""), listing),
        view,
    )


def of_view(listing: Listing, view: SavedView) -> Asked:
    """The list a view was saved from."""
    filters = {name: str(view.query[name]) for name in listing.words if view.query.get(name)}
    if view.condition:
        filters[CONDITION] = json.dumps(view.condition, ensure_ascii=False)
    columns = tuple(view.columns) or listing.columns
    return Asked(listing, filters, columns, _sort(view.sort, listing), view)


def where_of(asked: Asked, *, member: Member | None, now: datetime) -> Narrowed:
    """The rows a list shows, as SQL over the row `lead` or `company`.

    `member` is who `owner=me` means.
    """
    listing, said = asked.listing, dict(asked.filters)
    if said.get("owner") == ME and member:
        said["owner"] = str(member.pk)
    found = narrowed(said, listing.filters, listing.table.alias)
    if tree := said.get(CONDITION):
        return _also_holding(found, listing, tree, now)
    return found


def _also_holding(found: Narrowed, listing: Listing, tree: str, now: datetime) -> Narrowed:
    try:
        condition = parse(read_tree(tree), is_stored=True)
    except Refusal as refusal:
        return replace(found, wrong={**found.wrong, CONDITION: refusal.sentence})
    return found.also(listing.holds(condition.where(now)))


def read_tree(text: str) -> Any:
    """The JSON of a condition in an address."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise WrongValue(_("The condition is not valid JSON.")) from None


def _sort(asked: str, listing: Listing) -> str:
    return asked if asked.removeprefix("-") in listing.table.sorts else listing.sort


def _text(text: str, name: str) -> str:
    """What a person typed, without what the database cannot hold."""
    text = text[: LONGEST.get(name, 200)].replace("\0", "")
    return text.encode(errors="ignore").decode().strip()
