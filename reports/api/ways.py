"""The funnel and the journey over the API, and whom each bar counts."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope as KeyScope
from leads.api.reading import KeysetPagination
from reports.api.asking import AskedSerializer, asked_scope, query_of
from reports.api.rows import COMPANIES, PEOPLE, page_told
from reports.models import CostLine
from reports.queries.ways import Counted, who
from reports.ways import WAYS, Asked, attraction, walk


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
    rows = serializers.SerializerMethodField(help_text="The very people or companies.")

    def get_median_days(self, walked: Any) -> float | None:
        """Between the step before and this one."""
        median = walked.taken.median
        return None if median is None else median.total_seconds() / 86_400

    def get_rows(self, walked: Any) -> str:
        """Where they are listed."""
        path = reverse(f"api:{self.context['way']}-rows", args=[walked.step.key])
        return _address(path, self.context["asked"], self.context["request"])


class WaySerializer(serializers.Serializer[Any]):
    """Every step, and what came before the first."""

    results = WayStepSerializer(many=True)
    visits = serializers.IntegerField(
        allow_null=True,
        help_text="Attraction. Null for the funnel, and where visits cannot be told: of companies, "
        "and of a segment.",
    )
    visits_rows = serializers.URLField(allow_null=True)


class FunnelViewSet(GenericViewSet[Any]):
    """The funnel of stages: each step with its rate and the median time to it."""

    scopes = {"read": KeyScope.REPORTS_READ}
    queryset = CostLine._base_manager.none()  # for the schema only
    serializer_class = WaySerializer
    pagination_class = None
    lookup_field = "step"
    lookup_value_converter = "slug"
    way = "funnel"

    @extend_schema(parameters=[WayAskedSerializer], responses=WaySerializer)
    def list(self, request: Request) -> Response:
        """Its steps, for people or companies, by period or cohort."""
        asked = _asked(request)
        visits = attraction(asked) if self.way == "journey" else None
        behind = reverse("api:figure-rows", args=["visits"])
        told = {
            "results": walk(self.way, asked),
            "visits": visits,
            "visits_rows": None if visits is None else _address(behind, asked, request),
        }
        context = {"way": self.way, "asked": asked, "request": request}
        return Response(WaySerializer(told, context=context).data)

    @extend_schema(
        parameters=[WayAskedSerializer],
        responses=OpenApiTypes.OBJECT,
    )
    @action(detail=True, scopes={"read": KeyScope.LEADS_READ}, pagination_class=KeysetPagination)
    def rows(self, request: Request, step: str) -> Response:
        """A page of the leads or companies a step counts, as their own lists show them."""
        if step not in {each.key for each in WAYS[self.way]}:
            raise Http404
        asked = _asked(request)
        found = who(step, asked.scope, asked.counted, asked.segment_id)
        how = COMPANIES if asked.counted is Counted.COMPANIES else PEOPLE
        return page_told(found, how, request, self)


class JourneyViewSet(FunnelViewSet):
    """The journey: first contact, development, first sale, regular customer."""

    way = "journey"


def _asked(request: Request) -> Asked:
    form = WayAskedSerializer(data=request.query_params)
    form.is_valid(raise_exception=True)
    told = form.validated_data
    return Asked(asked_scope(request), Counted(told["counted"]), told.get("segment"))


def _address(path: str, asked: Asked, request: Request) -> str:
    segment = f"&segment={asked.segment_id}" if asked.segment_id else ""
    query = f"{query_of(asked.scope)}&counted={asked.counted}{segment}"
    return request.build_absolute_uri(f"{path}?{query}")
