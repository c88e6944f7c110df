"""Which leads a bulk action is about: ids, or whatever a list was narrowed to."""

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
from leads.models import BulkAction
from leads.queries.asking import LEAD_LIST, ME, Asked, where_of

MOST_IDS = 10_000


class CannotSelectLeads(Refusal):
    """Nobody is chosen, or the choice cannot be read."""


def selection_of(given: Mapping[str, Any], *, member: Member | None) -> dict[str, Any]:
    """A choice as it is kept: `{"ids": […]}` or `{"query": {word of the list: value}}`.

    Refuses one that names nobody, too many ids, or a filter that cannot be read.
    """
    if set(given) == {"ids"}:
        return {"ids": _ids(given["ids"])}
    query = given.get("query")
    if set(given) != {"query"} or not isinstance(query, Mapping):
        raise CannotSelectLeads(
            _("Choose leads by “ids” (a list) or by “query” (filters of the list)."),
            field="selection",
        )
    return {"query": _query(query, member)}


def selection_from_list(
    query: QueryDict, ids: list[str] | None, *, member: Member
) -> dict[str, Any]:
    """The rows ticked on a list; with None all that the list in the address shows."""
    if ids is not None:
        return selection_of({"ids": ids}, member=member)
    said = {name: query[name] for name in LEAD_LIST.words if query.get(name)}
    return selection_of({"query": said}, member=member)


def meant_by(selection: Mapping[str, Any], *, until: datetime) -> Sql:
    """The leads of a kept choice, over the row `lead`; who came after `until` is not meant."""
    if "ids" in selection:
        mine = Sql("lead.workspace_id = %s", (current_workspace_id(),))
        return _both(mine, Sql("lead.id = ANY(%s::uuid[])", (selection["ids"],)))
    found = where_of(Asked(LEAD_LIST, selection["query"]), member=None, now=until)
    if found.wrong:
        raise CannotSelectLeads(next(iter(found.wrong.values())), field="selection")
    return _both(found.where, Sql("lead.created_at <= %s", (until,)))


def count_meant(where: Sql) -> int:
    """How many leads that is, exactly."""
    text, values = where.named("meant")
    sql = f"SELECT count(*) FROM leads_lead lead WHERE {text}"  # noqa: S608  # built by conditions
    return int(fetch(sql, **values)[0][0])


def next_ids(where: Sql, *, after: UUID | None, most: int) -> list[UUID]:
    """The next leads of a choice, in the order of their ids."""
    text, values = where.named("meant")
    sql = (
        f"SELECT lead.id FROM leads_lead lead WHERE {text}"  # noqa: S608  # built by conditions
        " AND (%(after)s::uuid IS NULL OR lead.id > %(after)s::uuid)"
        " ORDER BY lead.id LIMIT %(most)s"
    )
    return [row[0] for row in fetch(sql, after=after, most=most, **values)]


def moment_of(bulk: BulkAction) -> datetime:
    """Who was a lead then is meant."""
    moment: datetime = bulk.created_at
    return moment


def _both(one: Sql, other: Sql) -> Sql:
    return Sql(f"{one.text} AND {other.text}", (*one.params, *other.params))


def _ids(given: Any) -> list[str]:
    if not isinstance(given, list | tuple) or not given:
        raise CannotSelectLeads(_("Choose at least one lead."), field="selection")
    if len(given) > MOST_IDS:
        raise CannotSelectLeads(
            _("%(count)d leads are named; at most %(most)d can be. Choose them by a filter.")
            % {"count": len(given), "most": MOST_IDS},
            field="selection",
        )
    return sorted({str(_id(each)) for each in given})


def _id(given: Any) -> UUID:
    try:
        return UUID(str(given))
    except ValueError:
        raise CannotSelectLeads(
            _("“%s” is not the id of a lead.") % str(given)[:40], field="selection"
        ) from None


def _query(query: Mapping[str, Any], member: Member | None) -> dict[str, str]:
    unknown = [name for name in query if name not in LEAD_LIST.words]
    if unknown:
        known = {"name": str(unknown[0])[:40], "known": ", ".join(LEAD_LIST.words)}
        raise CannotSelectLeads(
            _("“%(name)s” is no filter of leads; known are: %(known)s.") % known,
            field="selection",
        )
    said = {name: str(value) for name, value in query.items()}
    if said.get("owner") == ME and member:
        said["owner"] = str(member.pk)
    return said
