"""Figures, the rows behind them, and the cost ledger over the API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from funnel.api.deals import DealSerializer
from leadmgmt.workspaces.api import workspace_of
from leadmgmt.workspaces.models import Scope as KeyScope
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.api.timelines import ActivitySerializer
from leads.models import Campaign, Lead
from leads.queries.lists import leads_told
from reports import actions, figures
from reports.models import CostLine
from reports.period import LONGEST
from reports.queries import money, rows
from reports.queries.ways import Counted
from reports.scope import Counting, Cycles, Scope, scope_of
from reports.ways import Asked, walk
from sla.api import ClockSerializer

LARGEST = 10**14  # of the smallest unit; far beyond any budget, far within a bigint


@extend_schema_field({"type": ["number", "null"]})
class NumberField(serializers.Field[Any, Any, Any, Any]):
    """A whole number or not, as the figure has it."""

    def to_representation(self, value: Any) -> Any:
        """JSON has one kind of number."""
        return value


class AskedSerializer(serializers.Serializer[Any]):
    """Which period, whose leads, and how people are counted."""

    days = serializers.IntegerField(
        required=False, min_value=1, max_value=LONGEST, help_text="Up to and including today."
    )
    source = serializers.CharField(required=False, max_length=100)  # type: ignore[assignment]
    campaign = serializers.UUIDField(required=False)
    counting = serializers.ChoiceField(
        required=False,
        choices=[each.value for each in Counting],
        help_text="What happened in the period, or its leads until today.",
    )
    cycles = serializers.ChoiceField(
        required=False,
        choices=[each.value for each in Cycles],
        help_text="Steps of every qualification cycle, of first ones, or of later ones: then only "
        "people are counted, and nothing that is not of a cycle.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is no name Python lets us write."""
        ends = {name: serializers.DateField(required=False) for name in ("from", "to")}
        return {**ends, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Two days in their order, not too far apart."""
        first, last = attrs.get("from"), attrs.get("to")
        if (first is None) != (last is None):
            raise serializers.ValidationError({"to": _("Give both “from” and “to”, or “days”.")})
        if first and last and not 0 <= (last - first).days < LONGEST:
            sentence = _("A period has from 1 to %(most)d days.") % {"most": LONGEST}
            raise serializers.ValidationError({"to": sentence})
        return attrs


class FigureSerializer(serializers.Serializer[Any]):
    """One number; money in cents, shares between 0 and 1."""

    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = NumberField(help_text="Null where it cannot be said.")
    unit = serializers.ChoiceField(choices=[each.value for each in figures.Unit])
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


@dataclass(frozen=True)
class _Rows:
    """How the rows behind a figure are found, ordered and shown."""

    of: Callable[[Scope], QuerySet[Any]]
    shown: Callable[[Sequence[Any]], Any]
    order: tuple[str, str]


def _leads(page: Sequence[Lead]) -> list[Any]:
    return [msgspec.json.decode(told) for told in leads_told([lead.pk for lead in page])]


def _by(serializer: type[serializers.BaseSerializer[Any]]) -> Callable[[Sequence[Any]], Any]:
    return lambda page: serializer(page, many=True).data


ROWS = {
    **{key: _Rows(of, _leads, ("-created_at", "-id")) for key, of in rows.LISTS.items()},
    "visits": _Rows(rows.visits, _by(ActivitySerializer), ("-occurred_at", "-id")),
    "deals": _Rows(rows.won_deals, _by(DealSerializer), ("-closed_at", "-id")),
    "costs": _Rows(money.cost_lines, _by(CostSerializer), ("-starts_on", "-id")),
    "clocks": _Rows(rows.clocks, _by(ClockSerializer), ("-due_at", "-id")),
}


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
        name = next((each.rows for each in figures.DEFINITIONS if each.key == key), None)
        if name is None:
            raise Http404
        behind = ROWS[name]
        paginator = KeysetPagination()
        paginator.order = behind.order
        page = paginator.paginate_queryset(behind.of(asked_scope(request)), request, self)
        return paginator.get_paginated_response(behind.shown(page))


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


def asked_scope(request: Request) -> Scope:
    """The scope the query names; unlike a page's link, a wrong one is refused."""
    AskedSerializer(data=request.query_params).is_valid(raise_exception=True)
    zone = workspace_of(request).time_zone
    return scope_of(request.query_params.dict(), now=timezone.now(), zone=zone)


def _told(figure: figures.Figure, request: Request, scope: Scope) -> dict[str, Any]:
    address = reverse("api:figure-rows", args=[figure.key])
    return {**vars(figure), "rows": request.build_absolute_uri(f"{address}?{_query(scope)}")}


def _query(scope: Scope) -> str:
    limits = {"source": scope.source, "campaign": scope.campaign_id}
    if scope.is_by_cycle:
        limits["cycles"] = scope.cycles.value
    asked = {"from": scope.period.first, "to": scope.period.last, "counting": scope.counting.value}
    return urlencode(asked | {name: value for name, value in limits.items() if value})


class WayAskedSerializer(AskedSerializer):
    """Whose way it is; a company has come as far as the first of its people."""

    counted = serializers.ChoiceField(
        required=False, choices=[each.value for each in Counted], default=Counted.PEOPLE.value
    )
    segment = serializers.UUIDField(required=False)


class WayStepSerializer(serializers.Serializer[Any]):
    """One step: how many took it, of how many, and how long after the step before."""

    key = serializers.CharField(source="step.key")
    label = serializers.CharField(source="step.label")  # type: ignore[assignment]
    definition = serializers.CharField(source="step.definition")
    count = serializers.IntegerField(source="taken.count")
    rate = serializers.FloatField(allow_null=True, help_text="Of the step before.")
    rate_label = serializers.CharField(source="step.rate_label", help_text="Names both ends.")
    median_days = serializers.SerializerMethodField()

    def get_median_days(self, walked: Any) -> float | None:
        """Between the step before and this one."""
        median = walked.taken.median
        return None if median is None else median.total_seconds() / 86_400


class FunnelViewSet(GenericViewSet[Any]):
    """The funnel of stages: each step with its rate and the median time to it."""

    scopes = {"read": KeyScope.REPORTS_READ}
    queryset = CostLine._base_manager.none()  # for the schema only
    serializer_class = WayStepSerializer
    pagination_class = None
    way = "funnel"

    @extend_schema(parameters=[WayAskedSerializer], responses=WayStepSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Its steps, for people or companies, by period or cohort."""
        asked = WayAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        scope = asked_scope(request)
        walked = walk(self.way, Asked(scope, Counted(told["counted"]), told.get("segment")))
        return Response({"results": WayStepSerializer(walked, many=True).data})


class JourneyViewSet(FunnelViewSet):
    """The journey: first contact, development, first sale, regular customer."""

    way = "journey"


router = SimpleRouter(use_regex_path=False)
router.register("figures", FigureViewSet, basename="figure")
router.register("funnel", FunnelViewSet, basename="funnel")
router.register("journey", JourneyViewSet, basename="journey")
router.register("costs", CostViewSet, basename="cost")

urlpatterns = [path("", include(router.urls))]
