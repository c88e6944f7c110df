"""The lists of leads and companies over the API: the filters and views the pages have."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from leadmgmt.ui.paging import Page
from leadmgmt.workspaces.models import Member
from leads.api.reading import limit_of, link_to
from leads.models.views import SavedView
from leads.queries.asking import CONDITION, ME, Asked, Listing, of_view, where_of
from leads.queries.lists import Told
from leads.queries.views import visible_views


def parameters_of(listing: Listing) -> list[OpenApiParameter]:
    """What a list can be narrowed to and sorted by, for OpenAPI."""
    filters = [
        OpenApiParameter(each.name, each.schema, description=str(each.hint))
        for each in listing.filters
    ]
    sorts = [sign + name for name in listing.table.sorts for sign in ("-", "")]
    about = "A condition as JSON; of companies, any of whose people meet it."
    condition = OpenApiParameter(CONDITION, str, description=about)
    return [
        *filters,
        condition,
        OpenApiParameter("sort", {"type": "string", "enum": sorts, "default": listing.sort}),
        OpenApiParameter(
            "view", UUID, description="A saved view; what else is named takes its place."
        ),
    ]


def list_told(request: Request, listing: Listing, told: Told) -> Response:
    """A page of a list; every value that cannot be read is named."""
    size, asked = limit_of(request), _asked(request, listing)
    me = asked.view.owner if asked.view and asked.filters.get("owner") == ME else None
    found = where_of(asked, member=me, now=timezone.now())
    if found.wrong:
        raise ValidationError(found.wrong)
    page = told.page(found.where, asked.sort, request.query_params, size)
    return Response(_between(page, request))


def _between(page: Page[str], request: Request) -> dict[str, object]:
    """Rows that are JSON already between their neighbours' addresses."""
    return {
        "next": link_to(request, "after", page.next),
        "previous": link_to(request, "before", page.previous),
        "results": msgspec.Raw(f"[{','.join(page.rows)}]".encode()),
    }


def _asked(request: Request, listing: Listing) -> Asked:
    query = request.query_params
    said = {name: query[name] for name in listing.words if query.get(name)}
    view = _view(request, listing, query["view"]) if query.get("view") else None
    asked = of_view(listing, view) if view else Asked(listing, sort=listing.sort)
    sort = query.get("sort") or asked.sort
    if sort.removeprefix("-") not in listing.table.sorts:
        known = {"value": sort[:40], "known": ", ".join(listing.table.sorts)}
        sentence = _("“%(value)s” is no order; known are: %(known)s.")
        raise ValidationError({"sort": sentence % known})
    return replace(asked, filters={**asked.filters, **said}, sort=sort)


def _view(request: Request, listing: Listing, asked: str) -> SavedView:
    views = visible_views(maker_of(request)).select_related("owner")
    try:
        return views.get(pk=UUID(asked), subject=listing.subject)
    except (ValueError, SavedView.DoesNotExist):
        raise ValidationError({"view": _("There is no such view.")}) from None


def maker_of(request: Request) -> Member:
    """Who made the key: their views are what it calls its own."""
    key: Any = request.auth
    member: Member | None = Member.objects.filter(user_id=key.made_by_id, left_at=None).first()
    if member is None:
        raise ValidationError({"view": _("Who made this key has left; its views are gone.")})
    return member
