"""The forecast over the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.api.rows import OfWorkspace
from funnel.models import Deal
from funnel.queries.forecast import Foreseen, forecast_of
from funnel.queries.listing_deals import id_in
from leadmgmt.workspaces.availability import workspace_zone


class ForeseenSerializer(serializers.Serializer[Any]):
    """Open deals of one month and owner; money in cents, `month` its first day, null for no day."""

    month = serializers.DateField(allow_null=True)
    owner = serializers.UUIDField(allow_null=True)
    deals = serializers.IntegerField()
    amount = serializers.IntegerField()
    weighted = serializers.IntegerField()
    best_case = serializers.IntegerField()
    committed = serializers.IntegerField()
    late = serializers.IntegerField()
    unpriced = serializers.IntegerField()


class ForecastViewSet(OfWorkspace):
    """What open deals may bring, by month and owner; overdue ones count for this month."""

    queryset = Deal._base_manager.none()
    serializer_class = ForeseenSerializer
    pagination_class = None
    filter_backends = ()

    @extend_schema(
        responses=ForeseenSerializer(many=True),
        parameters=[OpenApiParameter("pipeline", str, description="Only this pipeline’s.")],
    )
    def list(self, request: Request) -> Response:
        """Months in order, those without a day last."""
        today = timezone.now().astimezone(workspace_zone()).date()
        pipeline = id_in(request.query_params.get("pipeline", ""))
        rows: list[Foreseen] = []
        for month in forecast_of(today=today, pipeline=pipeline):
            rows += month.owners
        return Response(ForeseenSerializer(rows, many=True).data)
