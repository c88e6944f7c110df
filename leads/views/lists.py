"""The lists of leads and companies: one page, whose whole state is its address."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.actions.views import may_change
from leads.bulk import verbs_for
from leads.cells import drawn
from leads.columns import Column, custom_columns, useful
from leads.columns.custom import is_own_column
from leads.conditions import parse, read_aloud
from leads.models import Subject
from leads.queries.asking import (
    COMPANY_LIST,
    CONDITION,
    LEAD_LIST,
    Asked,
    Listing,
    asked_of,
    read_tree,
    where_of,
)
from leads.queries.facets import facets_of, names_of
from leads.queries.lists import list_page
from leads.queries.narrowing import Narrowed
from leads.queries.views import Tab, tabs_of, view_called

# Lists many look at: none of these words names a person, and addresses stay this short.
COMMON = {"stage", "lead_class", "grade", "owner", "campaign", "source", "country"}
SHORT = 200
PANELS = ("filters", "columns", "save")

# Views everybody has, by subject: name and address.
STANDARD: Mapping[str, tuple[tuple[Any, dict[str, str]], ...]] = {
    "lead": (
        (gettext_lazy("My leads"), {"owner": "me"}),
        (gettext_lazy("MQLs"), {"stage": "mql"}),
        (gettext_lazy("Hot"), {"lead_class": "hot"}),
        (gettext_lazy("Without owner"), {"owner": "nobody"}),
        (gettext_lazy("Nurturing"), {"stage": "nurturing"}),
    ),
    "company": (
        (gettext_lazy("My companies"), {"owner": "me"}),
        (gettext_lazy("Customers"), {"stage": "customer"}),
    ),
}


@require_GET
def lead_list(request: WorkspaceRequest) -> HttpResponse:
    """Who they are: narrowed, sorted and laid out as the address says."""
    more = {
        "may_add": may(request.member.role, "leads:lead_add", "POST"),
        "verbs": verbs_for(request.member),
    }
    return _list(request, LEAD_LIST, "leads:lead", more)


@require_GET
def company_list(request: WorkspaceRequest) -> HttpResponse:
    """Which firms, and how far."""
    more = {
        "may_add": may(request.member.role, "leads:company_add", "POST"),
        "verbs": verbs_for(request.member, Subject.COMPANY),
    }
    return _list(request, COMPANY_LIST, "leads:company", more)


def _list(
    request: WorkspaceRequest, listing: Listing, row_page: str, more: Mapping[str, Any]
) -> HttpResponse:
    listing = replace(listing, table=useful(listing.table))
    tabs, view = tabs_of(listing.subject, request.member), None
    if named := request.GET.get("view"):
        view = view_called(named, listing.subject, request.member)
    asked = asked_of(request.GET, listing, view)
    panel = request.GET.get("panel", "")
    if moved := _moved(request.GET, asked):
        return redirect(f"{request.path}{_with_panel(moved, 'columns')}#columns")
    own = _own_columns(asked, panel)
    columns = listing.table.named(asked.columns, own)
    found = where_of(asked, member=request.member, now=timezone.now())
    page = list_page(listing.table, columns, found.where, asked.sort, request.GET)
    context = {
        **more,
        **_state(asked, tabs, panel),
        **_panel(asked, panel, own, found, request),
        "page": page,
        "columns": columns,
        "lines": drawn(
            *(page.rows, columns, row_page, request.workspace.currency),
            is_tickable=bool(more.get("verbs")),
        ),
        "here": urlencode(_narrowing(asked)),
        "wrong": found.wrong,
        "may_change": asked.view is not None and may_change(asked.view, request.member),
    }
    return render(request, f"leads/{listing.subject}_list.html", context)


def _narrowing(asked: Asked) -> list[tuple[str, str]]:
    """The list as a bulk action needs it: what narrows it, and its columns for an export."""
    return [*asked.filters.items(), ("columns", ",".join(asked.columns))]


def _own_columns(asked: Asked, panel: str) -> list[Column]:
    """The workspace's own, read only where they can be seen."""
    if panel == "columns" or any(map(is_own_column, asked.columns)):
        return custom_columns(asked.listing.subject)
    return []


def _state(asked: Asked, views: Sequence[Tab], panel: str) -> dict[str, Any]:
    """The address taken apart, for links and forms that change a part of it."""
    return {
        "asked": asked,
        "panel": panel if panel in PANELS else "",
        "spelled": QueryDict(asked.address[1:]),
        "sort": asked.sort,
        "tabs": _tabs(asked, views),
        "chips": _chips(asked),
        "keeps_tools": _keeps_tools(asked),
        "is_narrowed": bool(asked.filters),
        "filter_url": _filter_url(asked),
        "hidden": [(name, value) for name, value in asked.words if name != "q"],
        "panels": {name: _with_panel(asked, "" if name == panel else name) for name in PANELS},
        "list_url": workspace_reverse(f"leads:{asked.listing.subject}_list"),
    }


def _filter_url(asked: Asked) -> str:
    page = workspace_reverse(f"leads:{asked.listing.subject}_filter")
    return f"{page}?{urlencode({'list': asked.address[1:]})}"


def _tabs(asked: Asked, views: Sequence[Tab]) -> list[dict[str, Any]]:
    """All, the standard views, then the saved ones."""
    listing = asked.listing
    plain = Asked(listing, {}, listing.columns, listing.sort)
    now = replace(asked, columns=listing.columns, sort=listing.sort)
    standard = [
        (_("All"), plain),
        *((label, replace(plain, filters=said)) for label, said in STANDARD[listing.subject]),
    ]
    tabs = [
        {"label": label, "url": each.address, "is_current": each == now} for label, each in standard
    ]
    return tabs + [
        {
            "label": view.name,
            "url": f"?view={view.id}",
            "is_current": asked.view is not None and view.id == asked.view.pk,
        }
        for view in views
    ]


def _keeps_tools(asked: Asked) -> bool:
    """Whether others will look at the same list, so that what stands above it may be kept."""
    return asked.view is None and asked.filters.keys() <= COMMON and len(asked.address) < SHORT


class Chip(NamedTuple):
    """One thing the list is narrowed by, in words, and the list without it."""

    label: str
    value: str
    url: str


def _chips(asked: Asked) -> list[Chip]:
    """What the list is narrowed by in words, each with a link that takes it away."""
    labels = {each.name: each.label for each in asked.listing.filters}
    labels[CONDITION] = gettext_lazy("Condition")
    said = {name: value for name, value in asked.filters.items() if name != "q"}
    if not said:
        return []
    names = names_of({name: [value] for name, value in said.items()})
    return [
        Chip(
            str(labels[name]),
            _aloud(value) if name == CONDITION else names[name].get(value, value),
            asked.without(name).address,
        )
        for name, value in said.items()
    ]


def _aloud(tree: str) -> str:
    try:
        return read_aloud(parse(read_tree(tree), is_stored=True))
    except Refusal:
        return _("cannot be read")


def _panel(
    asked: Asked, panel: str, own: Sequence[Column], found: Narrowed, request: WorkspaceRequest
) -> dict[str, Any]:
    """What the open panel shows; nothing is asked for a closed one."""
    if panel == "filters":
        return {"facets": _facets(asked, found)}
    if panel == "columns":
        return {"choices": _choices(asked, own)}
    return {}


def _facets(asked: Asked, found: Narrowed) -> list[dict[str, Any]]:
    labels = {each.name: each.label for each in asked.listing.filters}
    return [
        {
            "label": labels[name],
            "values": [
                {
                    "label": each.label,
                    "count": each.count,
                    "is_on": asked.filters.get(name) == each.value,
                    "url": _with_panel(_switched(asked, name, each.value), "filters"),
                }
                for each in values
            ],
        }
        for name, values in facets_of(asked.listing.subject, found.where).items()
    ]


def _switched(asked: Asked, name: str, value: str) -> Asked:
    is_on = asked.filters.get(name) == value
    return asked.without(name) if is_on else asked.also(name, value)


def _choices(asked: Asked, own: Sequence[Column]) -> list[dict[str, Any]]:
    """The columns shown, in order, then those that could be."""
    known = asked.listing.table.for_people(own)
    known.pop("name")  # begins every row
    shown = [known[name] for name in asked.columns if name in known]
    rest = sorted((each for each in known.values() if each not in shown), key=_label)
    last = len(shown) - 1
    return [
        {"column": each, "is_shown": True, "may_rise": at > 0, "may_sink": at < last}
        for at, each in enumerate(shown)
    ] + [{"column": each} for each in rest]


def _label(column: Column) -> str:
    return str(column.label).casefold()


def _moved(query: QueryDict, asked: Asked) -> Asked | None:
    """The list with one column a place further, when that is asked."""
    for word, step in (("up", -1), ("down", 1)):
        name = query.get(word)
        if name in asked.columns:
            names = list(asked.columns)
            at = names.index(name)
            names.insert(max(0, at + step), names.pop(at))
            return replace(asked, columns=tuple(names))
    return None


def _with_panel(asked: Asked, panel: str) -> str:
    return f"{asked.address}&{urlencode({'panel': panel})}" if panel else asked.address
