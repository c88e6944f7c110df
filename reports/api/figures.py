"""The figures of the dashboard over the API, and the very rows behind each."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.api import workspace_of
from leadmgmt.workspaces.models import Scope as KeyScope
from leads.api.reading import KeysetPagination
from reports import definitions, figures
from reports.api.asking import AskedSerializer, asked_scope, query_of
from reports.api.rows import ROWS, page_told
from reports.models import CostLine
from reports.scope import Counting, Cycles, Scope


@extend_schema_field({"type": ["number", "null"]})
class NumberField(serializers.Field[Any, Any, Any, Any]):
    """A whole number or not, as the figure has it."""

    def to_representation(self, value: Any) -> Any:
        """JSON has one kind of number."""
        return value


class FigureSerializer(serializers.Serializer[Any]):
    """One number; money in cents, shares between 0 and 1."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = NumberField(help_text="Null where it cannot be said.")
    unit = serializers.ChoiceField(choices=[each.value for each in definitions.Unit])
    definition = serializers.CharField()
    change = serializers.FloatField(allow_null=True, help_text="Since the period before; 0.1: +10%")
    rows = serializers.URLField(help_text="The very rows behind it.")


class RateSerializer(serializers.Serializer[Any]):
    """From one named end to the other."""

    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.FloatField(allow_null=True)


class LineSerializer(serializers.Serializer[Any]):
    """One source or campaign; `cost` and what follows from it is null where it cannot be told."""

    key = serializers.CharField(allow_null=True, help_text="A source, or the id of a campaign.")
    visits = serializers.IntegerField(source="people.visits")
    leads = serializers.IntegerField(source="people.leads")
    mqls = serializers.IntegerField(source="people.mqls")
    sqls = serializers.IntegerField(source="people.sqls")
    customers = serializers.IntegerField(source="people.customers")
    revenue = serializers.IntegerField(source="sales.revenue")
    cost = serializers.IntegerField(allow_null=True)
    cost_per_lead = serializers.IntegerField(allow_null=True)
    cost_per_customer = serializers.IntegerField(allow_null=True)
    roi = serializers.FloatField(allow_null=True)


class FiguresSerializer(serializers.Serializer[Any]):
    """The dashboard of a period."""

    first = serializers.DateField(source="scope.period.first")
    last = serializers.DateField(source="scope.period.last")
    counting = serializers.ChoiceField(
        source="scope.counting", choices=[each.value for each in Counting]
    )
    cycles = serializers.ChoiceField(source="scope.cycles", choices=[each.value for each in Cycles])
    currency = serializers.CharField()
    figures = FigureSerializer(many=True)
    rates = RateSerializer(many=True)
    sources = LineSerializer(many=True)
    campaigns = LineSerializer(many=True)


class FigureViewSet(GenericViewSet[Any]):
    """The figures of the dashboard, and the very rows behind each."""

    scopes = {"read": KeyScope.REPORTS_READ}
    queryset = CostLine._base_manager.none()  # for the schema only
    serializer_class = FiguresSerializer
    pagination_class = KeysetPagination
    lookup_field = "key"
    lookup_value_converter = "slug"

    @extend_schema(parameters=[AskedSerializer], responses=FiguresSerializer)
    def list(self, request: Request) -> Response:
        """Every figure with its definition; the last 90 days when no period is named."""
        scope = asked_scope(request)
        now, before = figures.results(scope), figures.results(scope.before())
        shown = figures.figures(now, before, has_cost=not scope.source, cycles=scope.cycles)
        told: Any = {
            "scope": scope,
            "currency": workspace_of(request).currency,
            "figures": [_told(figure, request, scope) for figure in shown],
            "rates": figures.stage_rates(now.people, is_by_cycle=scope.is_by_cycle),
            "sources": [] if scope.is_by_cycle else figures.source_lines(scope),
            "campaigns": [] if scope.is_by_cycle else figures.campaign_lines(scope),
        }
        return Response(FiguresSerializer(told).data)

    @extend_schema(parameters=[AskedSerializer], responses=OpenApiTypes.OBJECT)
    @action(detail=True, scopes={"read": KeyScope.LEADS_READ})
    def rows(self, request: Request, key: str) -> Response:
        """A page of leads, visits, deals, cost lines or clocks, as their own lists show them."""
        name = next((each.rows for each in definitions.DEFINITIONS if each.key == key), None)
        if name is None:
            raise Http404
        behind = ROWS[name]
        return page_told(behind.of(asked_scope(request)), behind, request, self)


def _told(figure: figures.Figure, request: Request, scope: Scope) -> dict[str, Any]:
    address = reverse("api:figure-rows", args=[figure.key])
    return {**vars(figure), "rows": request.build_absolute_uri(f"{address}?{query_of(scope)}")}
