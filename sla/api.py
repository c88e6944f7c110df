"""The SLA over the API: what is promised, the clocks, how the promise was kept."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.api.reading import KeysetPagination
from sla import queries
from sla.models import Clock, Policy

SCOPES = {"read": Scope.LEADS_READ}


class PolicySerializer(serializers.ModelSerializer[Policy]):
    """A version of the promise; `minutes` are business minutes, Monday is day 0."""

    class Meta:
        model = Policy
        exclude = ("workspace",)


class ClockSerializer(serializers.ModelSerializer[Clock]):
    """The time of one lead under one policy: from MQL to the first attempt."""

    class Meta:
        model = Clock
        exclude = ("workspace",)


class PeriodSerializer(serializers.Serializer[Any]):
    """Deadlines from `since` to before `until`."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A period has a length."""
        if attrs["until"] <= attrs["since"]:
            raise serializers.ValidationError({"until": _("The end must come after the start.")})
        return attrs


class AttainmentSerializer(serializers.Serializer[Any]):
    """How the promise was kept; `share` is null when nothing was due."""

    kept = serializers.IntegerField()
    missed = serializers.IntegerField()
    due = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)


class NewestPolicy(KeysetPagination):
    """The version in force first."""

    order = ("-version", "-id")


class NextDeadline(KeysetPagination):
    """The latest deadline first."""

    order = ("-due_at", "-id")


class ClockFilter(django_filters.FilterSet):
    """`?state=running`, `missed` or `kept`; `?lead=`."""

    STATES = (("running", "running"), ("missed", "missed"), ("kept", "kept"))
    lead = django_filters.UUIDFilter(field_name="lead_id")
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state")

    def by_state(self, rows: QuerySet[Clock], name: str, value: str) -> QuerySet[Clock]:
        """As the page of clocks shows them."""
        return rows.filter(pk__in=queries.clocks(value).order_by().values("pk"))


class PolicyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """The promise, all versions; the one with `retired_at: null` is in force."""

    scopes = SCOPES
    queryset = Policy._base_manager.none()
    serializer_class = PolicySerializer
    pagination_class = NewestPolicy
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """Of this workspace."""
        rows: QuerySet[Any] = Policy.objects.all()
        return rows


class ClockViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Clocks: running, kept, missed."""

    scopes = SCOPES
    queryset = Clock._base_manager.none()
    serializer_class = ClockSerializer
    pagination_class = NextDeadline
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ClockFilter
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """Of this workspace."""
        rows: QuerySet[Any] = Clock.objects.all()
        return rows


class AttainmentView(generics.GenericAPIView[Clock]):
    """How the promise was kept for deadlines of a period."""

    scopes = {"read": Scope.REPORTS_READ}
    serializer_class = AttainmentSerializer
    pagination_class = None

    @extend_schema(parameters=[PeriodSerializer], responses=AttainmentSerializer)
    def get(self, request: Request) -> Response:
        """Kept, missed, and the share that was kept."""
        asked = PeriodSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        kept: Any = queries.attainment(**asked.validated_data)
        return Response(AttainmentSerializer(kept).data)


router = SimpleRouter(use_regex_path=False)
router.register("sla/policies", PolicyViewSet, basename="sla-policy")
router.register("sla/clocks", ClockViewSet, basename="sla-clock")

urlpatterns: list[URLPattern | URLResolver] = [
    path("sla/attainment/", AttainmentView.as_view(), name="sla-attainment"),
    path("", include(router.urls)),
]
