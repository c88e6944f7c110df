"""Which leads or companies a bulk action is about: ids, or whatever a list was narrowed to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.conditions import Sql
from leads.models.views import Subject
from leads.queries.asking import COMPANY_LIST, LEAD_LIST, ME, Asked, Listing, where_of

MOST_IDS = 10_000
LISTS: Mapping[str, Listing] = {Subject.LEAD: LEAD_LIST, Subject.COMPANY: COMPANY_LIST}


class CannotSelectLeads(Refusal):
    """Nobody is chosen, or the choice cannot be read."""


def selection_of(
    given: Mapping[str, Any], *, member: Member | None, subject: str = Subject.LEAD
) -> dict[str, Any]:
    """A choice as it is kept: `{"ids": […]}` or `{"query": {word of the list: value}}`.

    Refuses one that names nobody, too many ids, or a filter that cannot be read.
    """
    if set(given) == {"ids"}:
        return {"ids": _ids(given["ids"], subject)}
    query = given.get("query")
    if set(given) != {"query"} or not isinstance(query, Mapping):
        raise CannotSelectLeads(
            _("Choose leads by “ids” (a list) or by “query” (filters of the list).")
            if subject == Subject.LEAD
            else _("Choose companies by “ids” (a list) or by “query” (filters of the list)."),
            field="selection",
        )
    return {"query": _query(query, member, LISTS[subject])}


def selection_from_list(
    query: QueryDict, ids: list[str] | None, *, member: Member, subject: str = Subject.LEAD
) -> dict[str, Any]:
    """The rows ticked on a list; with None all that the list in the address shows."""
    if ids is not None:
        return selection_of({"ids": ids}, member=member, subject=subject)
    said = {name: query[name] for name in LISTS[subject].words if query.get(name)}
    return selection_of({"query": said}, member=member, subject=subject)


def meant_by(selection: Mapping[str, Any], *, until: datetime, subject: str = Subject.LEAD) -> Sql:
    """The rows of a kept choice, over `lead` or `company`; who came after `until` is not meant."""
    listing = LISTS[subject]
    row = listing.table.alias
    if "ids" in selection:
        mine = Sql(f"{row}.workspace_id = %s", (current_workspace_id(),))
        return _both(mine, Sql(f"{row}.id = ANY(%s::uuid[])", (selection["ids"],)))
    found = where_of(Asked(listing, selection["query"]), member=None, now=until)
    if found.wrong:
        raise CannotSelectLeads(next(iter(found.wrong.values())), field="selection")
    return _both(found.where, Sql(f"{row}.created_at <= %s", (until,)))


def count_meant(where: Sql, subject: str = Subject.LEAD) -> int:
    """How many that is, exactly."""
    text, values = where.named("meant")
    sql = f"SELECT count(*) FROM {rows_of(subject)[1]} WHERE {text}"  # noqa: S608  # our own words
    return int(fetch(sql, **values)[0][0])


def rows_of(subject: str) -> tuple[str, str]:
    """What a row of the list is called in SQL, and its table under that name."""
    table = LISTS[subject].table
    return table.alias, f"{table.table} {table.alias}"


def _both(one: Sql, other: Sql) -> Sql:
    return Sql(f"{one.text} AND {other.text}", (*one.params, *other.params))


def _ids(given: Any, subject: str) -> list[str]:
    if not isinstance(given, list | tuple) or not given:
        raise CannotSelectLeads(
            _("Choose at least one lead.")
            if subject == Subject.LEAD
            else _("Choose at least one company."),
            field="selection",
        )
    if len(given) > MOST_IDS:
        raise CannotSelectLeads(
            _("%(count)d ids are named; at most %(most)d can be. Choose by a filter.")
            % {"count": len(given), "most": MOST_IDS},
            field="selection",
        )
    return sorted({str(_id(each)) for each in given})


def _id(given: Any) -> UUID:
    try:
        return UUID(str(given))
    except ValueError:
        raise CannotSelectLeads(
            _("“%s” is not the id of anything on this list.") % str(given)[:40], field="selection"
        ) from None


def _query(query: Mapping[str, Any], member: Member | None, listing: Listing) -> dict[str, str]:
    unknown = [name for name in query if name not in listing.words]
    if unknown:
        known = {"name": str(unknown[0])[:40], "known": ", ".join(listing.words)}
        raise CannotSelectLeads(
            _("“%(name)s” is no filter of this list; known are: %(known)s.") % known,
            field="selection",
        )
    said = {name: str(value) for name, value in query.items()}
    if said.get("owner") == ME and member:
        said["owner"] = str(member.pk)
    return said
