"""Deals over the API."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import closing_deals, deals
from funnel.actions.deal_history import DealChanged
from funnel.api.deal_serializers import (
    ChangeSerializer,
    DealChangesSerializer,
    DealSerializer,
    LostSerializer,
    MovedSerializer,
    NewDealSerializer,
    OpenedAgainSerializer,
    WonSerializer,
)
from funnel.api.rows import OfWorkspace
from funnel.models import Deal, DealChange, DealStatus
from funnel.products.lines import NewLine
from funnel.products.opening import open_deal_of
from leads.api.reading import KeysetPagination
from leads.api.tags import IF_MATCH


class LatestDeals(KeysetPagination):
    """The latest first."""

    order = ("-opened_at", "-id")


class LatestChanges(KeysetPagination):
    """The latest first."""

    order = ("-changed_at", "-id")


FILTERS = [
    OpenApiParameter("status", str, enum=DealStatus.values),
    OpenApiParameter("stage", UUID, description="Deals that stand in this stage."),
    OpenApiParameter("owner", UUID),
    OpenApiParameter("company", UUID),
]


class DealViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, OfWorkspace):
    """Deals: opened for an SQL or a customer, moved and corrected while open, won or lost."""

    queryset = Deal._base_manager.none()
    serializer_class = DealSerializer
    pagination_class: Any = LatestDeals

    def get_queryset(self) -> QuerySet[Any]:
        """Narrowed by `?status=`, `?stage=`, `?owner=` and `?company=` in lists."""
        rows = super().get_queryset().select_related("stage__pipeline")
        asked = self.request.query_params
        if self.action != "list":
            return rows
        if asked.get("status") in DealStatus.values:
            rows = rows.filter(status=asked["status"])
        for name in ("stage", "owner", "company"):
            if name in asked:
                rows = rows.filter(**{f"{name}_id": _id_of(asked[name])})
        return rows

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """Deals, the latest first."""
        return super().list(request)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One deal; its ETag makes a later PATCH with If-Match safe."""
        return self.tagged(self.get_object())

    @extend_schema(request=NewDealSerializer, responses={201: DealSerializer})
    def create(self, request: Request) -> Response:
        """Open a deal, with its lines if it has any: all of it, or nothing.

        Amount and margin of a deal with lines are their sums. A deal the `key` has opened before
        is answered as it is.
        """
        told = self.told(NewDealSerializer)
        lines = [NewLine(**each) for each in told.pop("lines", ())]
        opened = partial(open_deal_of, lines=lines) if lines else deals.open_deal
        deal = opened(told.pop("lead"), **told, now=timezone.now())
        return self.tagged(deal, status.HTTP_201_CREATED)

    @extend_schema(request=DealChangesSerializer, responses=DealSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Correct an open deal; what is left out stays. With If-Match only if nobody else has."""
        told = self.told(DealChangesSerializer)
        by, seen = told.pop("by"), seen_in(request)
        deal = self.get_object()
        deals.change_deal(deal, changes=told, by=by, now=timezone.now(), seen=seen)
        return self.tagged(self.get_object())

    @extend_schema(request=MovedSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: UUID) -> Response:
        """Put it into another stage."""
        deals.move_deal(self.get_object(), **self.told(MovedSerializer), now=timezone.now())
        return self.tagged(self.get_object())

    @extend_schema(request=WonSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def win(self, request: Request, pk: UUID) -> Response:
        """Close as sold: the lead and the company become customers."""
        closing_deals.win_deal(self.get_object(), **self.told(WonSerializer), now=timezone.now())
        return self.tagged(self.get_object())

    @extend_schema(request=LostSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: UUID) -> Response:
        """Close as lost, with a reason."""
        closing_deals.lose_deal(self.get_object(), **self.told(LostSerializer), now=timezone.now())
        return self.tagged(self.get_object())

    @extend_schema(request=OpenedAgainSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: UUID) -> Response:
        """Take the decision back."""
        told = self.told(OpenedAgainSerializer)
        closing_deals.reopen_deal(self.get_object(), **told, now=timezone.now())
        return self.tagged(self.get_object())

    @extend_schema(responses=ChangeSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=LatestChanges, filter_backends=())
    def history(self, request: Request, pk: UUID) -> Response:
        """What changed, the latest first."""
        page = self.paginate_queryset(DealChange.objects.filter(deal=self.get_object()))
        return self.get_paginated_response(ChangeSerializer(page, many=True).data)

    def tagged(self, deal: Deal, code: int = status.HTTP_200_OK) -> Response:
        """The deal with its version as ETag."""
        answer = self.answer(deal, code)
        answer["ETag"] = f'"{deal.version}"'
        return answer


def seen_in(request: Request) -> int | None:
    """The version of a deal that `If-Match` names."""
    asked = request.headers.get("If-Match", "").strip()
    if not asked or asked == "*":
        return None
    number = asked.removeprefix("W/").strip('"')
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise DealChanged(f"{asked[:40]} is no ETag of a deal; read the deal again.")
    return int(number)


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
