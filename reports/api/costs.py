"""The cost ledger over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope as KeyScope
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.models import Campaign
from reports import actions
from reports.api.asking import AskedSerializer, asked_scope
from reports.models import CostLine
from reports.queries import money

LARGEST = 10**14  # of the smallest unit; far beyond any budget, far within a bigint


class CostSerializer(serializers.ModelSerializer[CostLine]):
    """Money spent from one day to another, both included; without a campaign all share it."""

    amount = serializers.IntegerField(
        min_value=1, max_value=LARGEST, help_text="In the currency's smallest unit, such as cents."
    )
    campaign = serializers.PrimaryKeyRelatedField(
        queryset=Campaign.objects, required=False, allow_null=True, default=None
    )
    part = serializers.IntegerField(
        read_only=True, required=False, help_text="Of it in the period asked for, in cents."
    )

    class Meta:
        model = CostLine
        exclude = ("workspace",)
        read_only_fields = ("entered_by", "created_at")
        extra_kwargs = {"lever": {"required": True}}


class NewestCosts(KeysetPagination):
    """The latest beginning first."""

    order = ("-starts_on", "-id")


class CostViewSet(mixins.ListModelMixin, GenericViewSet[Any]):
    """The cost ledger."""

    scopes = {"read": KeyScope.REPORTS_READ, "write": KeyScope.COSTS_WRITE}
    queryset = CostLine._base_manager.none()
    serializer_class = CostSerializer
    pagination_class = NewestCosts
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """Lines with a day in the period, each with the part that falls into it."""
        return money.cost_lines(asked_scope(self.request))

    @extend_schema(parameters=[AskedSerializer])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The lines of a period, by default the last 90 days."""
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        """Enter a cost."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        line = actions.enter_cost(**form.validated_data, by=None)
        line.refresh_from_db()
        return Response(self.get_serializer(line).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: UUID) -> Response:
        """Take a line out of the ledger."""
        actions.remove_cost(get_object_or_404(CostLine.objects, pk=pk).pk)
        return Response(status=status.HTTP_204_NO_CONTENT)
