"""Deals over the API."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import deals
from funnel.api.rows import OfWorkspace
from funnel.models import Deal
from leads.api.fields import by_member, one_of
from leads.api.reading import KeysetPagination
from leads.models import Lead


class DealSerializer(serializers.ModelSerializer[Deal]):
    """A sale under way or decided; amount and margin in cents."""

    lead = one_of(Lead)

    class Meta:
        model = Deal
        exclude: tuple[str, ...] = ("workspace", "key")
        read_only_fields = ("company", "status", "owner", "opened_at", "closed_at", "reason")


class NewDealSerializer(DealSerializer):
    """Open a deal; the same `key` again opens no other."""

    key = serializers.CharField(required=False, max_length=100)
    by = by_member()

    class Meta(DealSerializer.Meta):
        exclude = ("workspace",)


class WonSerializer(serializers.Serializer[Any]):
    """What winning needs, in cents."""

    amount = serializers.IntegerField()
    margin = serializers.IntegerField()
    by = by_member()


class LostSerializer(serializers.Serializer[Any]):
    """What losing needs."""

    reason = serializers.CharField(max_length=300)
    by = by_member()


class LatestDeals(KeysetPagination):
    """The latest first."""

    order = ("-opened_at", "-id")


class DealViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Deals: opened for an SQL or a customer, corrected while open, won or lost."""

    queryset = Deal._base_manager.none()
    serializer_class = DealSerializer
    pagination_class = LatestDeals

    @extend_schema(request=NewDealSerializer, responses={201: DealSerializer})
    def create(self, request: Request) -> Response:
        """Open a deal."""
        told = {
            name: value
            for name, value in self.told(NewDealSerializer).items()
            if name in ("lead", "name", "amount", "margin", "expected_on", "key", "by")
        }
        deal = deals.open_deal(told.pop("lead"), **told, now=timezone.now())
        return self.answer(deal, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Correct an open deal; what is left out stays."""
        deal = self.get_object()
        form = self.get_serializer(deal, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        names = ("name", "amount", "margin", "expected_on")
        told = {name: form.validated_data.get(name, getattr(deal, name)) for name in names}
        deals.change_deal(deal, **told, by=None)
        return self.answer(self.get_object())

    @extend_schema(request=WonSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def win(self, request: Request, pk: UUID) -> Response:
        """Close as sold: the lead and the company become customers."""
        deals.win_deal(self.get_object(), **self.told(WonSerializer), now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=LostSerializer, responses=DealSerializer)
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: UUID) -> Response:
        """Close as lost, with a reason."""
        deals.lose_deal(self.get_object(), **self.told(LostSerializer), now=timezone.now())
        return self.answer(self.get_object())
