"""Releases over the API: published, watched, stopped, their people."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.api.leads import StrictFields
from leads.api.lists import maker_of
from leads.api.reading import KeysetPagination, StrictJSONParser
from scoring.actions import releasing
from scoring.actions.terms import LONGEST_WAIT, Terms
from scoring.models import HeldLead, Release, ReleaseState, ReleaseStep, Steering
from scoring.queries.releases import people_of_release, release_told, stage_named, stage_of


class PublishSerializer(StrictFields):
    """Why the draft is published, and what may follow: without `effects`, nothing.

    `hourly_cap` and `total_cap`: new MQLs at most, null for no cap. `shares`: the stages in per
    cent; `hours` from one to the next, null: each is opened by hand.
    """

    reason = serializers.CharField(max_length=300)
    effects = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=10, required=False, default=list
    )
    hourly_cap = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=1_000_000
    )
    total_cap = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=10_000_000
    )
    shares = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=100),
        max_length=20,
        required=False,
        default=[1, 10, 100],
    )
    hours = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=LONGEST_WAIT
    )

    @property
    def terms(self) -> Terms | None:
        """What may follow; None where nothing may."""
        given = self.validated_data
        if not given["effects"]:
            return None
        return Terms(
            effects=tuple(given["effects"]),
            total_cap=given["total_cap"],
            hourly_cap=given["hourly_cap"],
            shares=tuple(given["shares"]),
            hours=given["hours"],
        )


class ReleaseStepSerializer(serializers.ModelSerializer[ReleaseStep]):
    """Somebody stopped the release, went on, opened a stage by hand or ended it."""

    what = serializers.ChoiceField(choices=Steering.choices)
    by = serializers.UUIDField(source="by_id", allow_null=True)

    class Meta:
        model = ReleaseStep
        fields = ("what", "stage", "by", "at")


class HeldSerializer(serializers.Serializer[Any]):
    """A lead the release holds, or let go: in which stage, from 0; whether it became an MQL."""

    lead = serializers.UUIDField(source="lead_id")
    stage = serializers.SerializerMethodField()
    released_at = serializers.DateTimeField(allow_null=True)
    is_promoted = serializers.BooleanField()

    def get_stage(self, held: HeldLead) -> int:
        """Its lot decides."""
        return stage_of(self.context["release"], held)


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """The effects of a publish, let go in stages and under caps.

    `stage` counts from 0. `capped_until`: the hour is full until then. Of the leads that are
    `held`, so many are `gone`, and `promoted` to MQL by it. `steps`: who steered it, and when.
    """

    version = serializers.UUIDField(source="version_id")
    state = serializers.ChoiceField(choices=ReleaseState.choices)
    sentence = serializers.CharField(source="told.state")
    held = serializers.IntegerField(source="told.held")
    gone = serializers.IntegerField(source="told.gone")
    promoted = serializers.IntegerField(source="told.promoted")
    asked_by = serializers.UUIDField(source="asked_by_id", allow_null=True)
    steps = ReleaseStepSerializer(many=True)

    class Meta:
        model = Release
        fields = (
            *("id", "version", "state", "sentence", "effects", "total_cap", "hourly_cap"),
            *("shares", "hours", "stage", "asked_at", "begun_at", "stage_done_at", "due_at"),
            *("capped_until", "ended_at", "held", "gone", "promoted", "asked_by", "steps"),
        )

    def to_representation(self, instance: Release) -> dict[str, Any]:
        """With its figures."""
        instance.told = release_told(instance)  # type: ignore[attr-defined]
        return super().to_representation(instance)


class ReleaseOrder(KeysetPagination):
    """The newest first."""

    order = ("-asked_at", "-id")


class HeldOrder(KeysetPagination):
    """In the order in which they are let go."""

    order = ("lot", "lead_id")


class ScoreReleaseViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Releases: how far they are; stop, go on, open the next stage, end."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.SCORING_WRITE}
    queryset = Release._base_manager.none()
    serializer_class = ReleaseSerializer
    pagination_class = ReleaseOrder
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """Every release, those that are over too."""
        steps = ReleaseStep.objects.order_by("at", "id")
        rows: QuerySet[Any] = Release.objects.prefetch_related(Prefetch("steps", steps))
        return rows

    @extend_schema(
        parameters=[
            OpenApiParameter("which", str, enum=["promoted", "waiting"]),
            OpenApiParameter("stage", int, description="Only of this stage, counted from 0."),
        ],
        responses=HeldSerializer(many=True),
    )
    @action(detail=True, pagination_class=HeldOrder, filter_backends=())
    def people(self, request: Request, pk: UUID) -> Response:
        """Whom the version moved: of each stage, who became an MQL by it, who waits."""
        release = self.get_object()
        asked = request.query_params
        stage = stage_named(release, asked.get("stage", ""))
        page = self.paginate_queryset(people_of_release(release, asked.get("which", ""), stage))
        context = {"release": release}
        return self.get_paginated_response(HeldSerializer(page, many=True, context=context).data)

    @extend_schema(request=None, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: UUID) -> Response:
        """Let nobody else go; who went stays."""
        releasing.stop_release(self.get_object(), by=maker_of(request), now=timezone.now())
        return self._again()

    @extend_schema(request=None, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"], url_path="go-on")
    def go_on(self, request: Request, pk: UUID) -> Response:
        """Go on where it was stopped."""
        releasing.go_on_release(self.get_object(), by=maker_of(request), now=timezone.now())
        return self._again()

    @extend_schema(request=None, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"], url_path="next-stage")
    def next_stage(self, request: Request, pk: UUID) -> Response:
        """Open the next stage now."""
        releasing.open_next_stage(self.get_object(), by=maker_of(request), now=timezone.now())
        return self._again()

    @extend_schema(request=None, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: UUID) -> Response:
        """End it for good."""
        releasing.end_release(self.get_object(), by=maker_of(request), now=timezone.now())
        return self._again()

    def _again(self) -> Response:
        return Response(ReleaseSerializer(self.get_object()).data)
