"""The rows behind a figure or a bar, as their own lists show them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from funnel.api.deal_serializers import DealSerializer
from leads.api.reading import KeysetPagination
from leads.api.timelines import ActivitySerializer
from leads.queries.lists import COMPANIES_TOLD, LEADS_TOLD, Told
from reports.api.costs import CostSerializer
from reports.queries import money, rows
from reports.scope import Scope
from sla.api import ClockSerializer


@dataclass(frozen=True)
class Shown:
    """How rows are shown and ordered."""

    shown: Callable[[Sequence[Any]], Any]
    order: tuple[str, str]


@dataclass(frozen=True)
class Rows(Shown):
    """The rows behind a figure."""

    of: Callable[[Scope], QuerySet[Any]]


def _told(by: Told) -> Callable[[Sequence[Any]], list[Any]]:
    return lambda page: [msgspec.json.decode(each) for each in by.of([row.pk for row in page])]


def _by(serializer: type[serializers.BaseSerializer[Any]]) -> Callable[[Sequence[Any]], Any]:
    return lambda page: serializer(page, many=True).data


PEOPLE = Shown(_told(LEADS_TOLD), ("-created_at", "-id"))
COMPANIES = Shown(_told(COMPANIES_TOLD), ("-created_at", "-id"))
ROWS = {
    **{key: Rows(PEOPLE.shown, PEOPLE.order, of) for key, of in rows.LISTS.items()},
    "visits": Rows(_by(ActivitySerializer), ("-occurred_at", "-id"), rows.visits),
    "deals": Rows(_by(DealSerializer), ("-closed_at", "-id"), rows.won_deals),
    "costs": Rows(_by(CostSerializer), ("-starts_on", "-id"), money.cost_lines),
    "clocks": Rows(_by(ClockSerializer), ("-due_at", "-id"), rows.clocks),
}


def page_told(
    found: QuerySet[Any], how: Shown, request: Request, view: GenericViewSet[Any]
) -> Response:
    """A page of them, with the cursors of the next and the one before."""
    paginator = KeysetPagination()
    paginator.order = how.order
    page = paginator.paginate_queryset(found, request, view)
    return paginator.get_paginated_response(how.shown(page))
