"""Deals over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import closing_deals, deals
from funnel.actions.deal_history import DealChanged
from funnel.api.rows import OfWorkspace
from funnel.models import CloseReason, Deal, DealChange, DealStatus, PipelineStage
from leads.api.fields import PresentMemberField, by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.api.tags import IF_MATCH
from leads.models import Lead


class DealSerializer(serializers.ModelSerializer[Deal]):
    """A sale under way or decided; money in cents, `probability` its own in percent, if any."""

    lead = one_of(Lead)

    class Meta:
        model = Deal
        exclude: tuple[str, ...] = ("workspace", "key", "closes_on")


class DealChangesSerializer(StrictFields):
    """What to change of an open deal; a field that is not named stays as it is."""

    name = serializers.CharField(max_length=200, required=False)
    amount = serializers.IntegerField(required=False, allow_null=True)
    margin = serializers.IntegerField(required=False, allow_null=True)
    expected_on = serializers.DateField(required=False, allow_null=True)
    probability = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=100
    )
    next_step = serializers.CharField(max_length=200, required=False, allow_blank=True)
    next_step_on = serializers.DateField(required=False, allow_null=True)
    owner = PresentMemberField(required=False, allow_null=True)
    by = by_member()


class NewDealSerializer(DealChangesSerializer):
    """Open a deal; the same `key` again opens no other. Without `stage` it begins in the first."""

    lead = one_of(Lead)
    name = serializers.CharField(max_length=200)
    stage = one_of(PipelineStage, required=False)
    key = serializers.CharField(required=False, max_length=100)


class MovedSerializer(StrictFields):
    """The stage it goes to; `seen_in`: where it was when that was decided (409 if it is not)."""

    stage = one_of(PipelineStage)
    seen_in = one_of(PipelineStage, required=False)
    by = by_member()


class WhySerializer(StrictFields):
    """A reason of the list, and words."""

    close_reason = one_of(CloseReason, required=False, allow_null=True)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    by = by_member()


class WonSerializer(WhySerializer):
    """What winning needs, in cents; a deal with lines has the figures already."""

    amount = serializers.IntegerField(required=False, default=None)
    margin = serializers.IntegerField(required=False, default=None)


class LostSerializer(WhySerializer):
    """What losing needs: at least one of the two."""


class OpenedAgainSerializer(StrictFields):
    """Who does it."""

    by = by_member()


class ChangeSerializer(serializers.ModelSerializer[DealChange]):
    """One field, before and after; names and sums as they were then."""

    class Meta:
        model = DealChange
        fields = ("id", "field", "old", "new", "by", "changed_at")


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
        """Open a deal."""
        told = self.told(NewDealSerializer)
        deal = deals.open_deal(told.pop("lead"), **told, now=timezone.now())
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
