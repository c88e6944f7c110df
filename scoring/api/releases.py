"""Blast radius and release over the API: foreseen, published, watched, stopped."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
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
from leads.models import LeadClass
from scoring.actions import releasing
from scoring.actions.foreseeing import ask_radius, digest_of_draft
from scoring.actions.releasing import Terms
from scoring.models import BlastRadius, ModelVersion, Release, ReleaseState, ScoreModel
from scoring.queries.radius import people_of
from scoring.queries.releases import release_told


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
        required=False, allow_null=True, default=None, min_value=1, max_value=releasing.LONGEST_WAIT
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


class LoadSerializer(serializers.Serializer[Any]):
    """Open leads of a rep, or of the pool (`owner` empty), now and then."""

    owner = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    now = serializers.IntegerField()
    then = serializers.IntegerField()


class RadiusSerializer(serializers.Serializer[BlastRadius]):
    """What publishing the draft would do; figures are null until `finished_at`.

    `is_stale`: the draft has changed since. `shifts`: class now, class then, how many leads.
    `effects`: what would follow from the new MQLs, by effect and by what it does.
    """

    id = serializers.UUIDField()
    asked_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    is_stale = serializers.SerializerMethodField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    moved = serializers.IntegerField(source="figures.moved", default=None, allow_null=True)
    line = serializers.IntegerField(source="figures.line", default=None, allow_null=True)
    gaining = serializers.IntegerField(source="figures.gaining", default=None, allow_null=True)
    losing = serializers.IntegerField(source="figures.losing", default=None, allow_null=True)
    promoted = serializers.IntegerField(source="figures.promoted", default=None, allow_null=True)
    shifts = serializers.ListField(
        source="figures.shifts", child=serializers.ListField(), default=list
    )
    effects = serializers.DictField(
        source="figures.effects",
        child=serializers.DictField(child=serializers.IntegerField()),
        default=dict,
    )
    load = LoadSerializer(source="figures.load", many=True, default=list)

    def get_is_stale(self, radius: BlastRadius) -> bool:
        """The draft, or what it is measured by, has changed."""
        return radius.digest != digest_of_draft(radius.version)


class TouchedSerializer(serializers.Serializer[Any]):
    """A lead behind a figure of the blast radius."""

    lead = serializers.UUIDField(source="lead_id")
    old_score = serializers.IntegerField(allow_null=True)
    new_score = serializers.IntegerField(allow_null=True)
    old_class = serializers.ChoiceField(choices=LeadClass.choices, allow_blank=True)
    new_class = serializers.ChoiceField(choices=LeadClass.choices, allow_blank=True)
    new_grade = serializers.CharField(allow_blank=True)
    is_promoted = serializers.BooleanField()


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    """The effects of a publish, let go in stages and under caps.

    `stage` counts from 0. `capped_until`: the hour is full until then. Of the leads that are
    `held`, so many are `gone`, and `promoted` to MQL by it.
    """

    version = serializers.UUIDField(source="version_id")
    state = serializers.ChoiceField(choices=ReleaseState.choices)
    sentence = serializers.CharField(source="told.state")
    held = serializers.IntegerField(source="told.held")
    gone = serializers.IntegerField(source="told.gone")
    promoted = serializers.IntegerField(source="told.promoted")

    class Meta:
        model = Release
        fields = (
            *("id", "version", "state", "sentence", "effects", "total_cap", "hourly_cap"),
            *("shares", "hours", "stage", "asked_at", "begun_at", "stage_done_at", "due_at"),
            *("capped_until", "ended_at", "held", "gone", "promoted"),
        )

    def to_representation(self, instance: Release) -> dict[str, Any]:
        """With its figures."""
        instance.told = release_told(instance)  # type: ignore[attr-defined]
        return super().to_representation(instance)


class TouchedOrder(KeysetPagination):
    """Who would become an MQL first."""

    order = ("-is_promoted", "lead_id")


class ReleaseOrder(KeysetPagination):
    """The newest first."""

    order = ("-asked_at", "-id")


class Foreseeing(GenericViewSet[Any]):
    """The blast radius of a model's draft."""

    @extend_schema(methods=["GET"], responses=RadiusSerializer)
    @extend_schema(methods=["POST"], request=None, responses=RadiusSerializer)
    @action(detail=True, methods=["get", "post"], url_path="blast-radius")
    def blast_radius(self, request: Request, pk: UUID) -> Response:
        """Read it, or have it worked out for all leads; nothing is published."""
        draft = _draft_of(self.get_object())
        if request.method == "POST":
            ask_radius(draft, now=timezone.now())
        return Response(RadiusSerializer(_radius_of(draft)).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("figure", str, description="Such as promoted or class:warm-hot")
        ],
        responses=TouchedSerializer(many=True),
    )
    @action(
        detail=True,
        url_path="blast-radius/people",
        pagination_class=TouchedOrder,
        filter_backends=(),
    )
    def people(self, request: Request, pk: UUID) -> Response:
        """The leads behind a figure."""
        radius = _radius_of(_draft_of(self.get_object()))
        rows = people_of(radius, request.query_params.get("figure", "moved"))
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(TouchedSerializer(page, many=True).data)


def _draft_of(model: ScoreModel) -> ModelVersion:
    drafts = ModelVersion.objects.draft().select_related("model")
    found: ModelVersion = get_object_or_404(drafts, model=model)
    return found


def _radius_of(draft: ModelVersion) -> BlastRadius:
    radii = BlastRadius.objects.select_related("version__model")
    found: BlastRadius = get_object_or_404(radii, version=draft)
    return found


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
        rows: QuerySet[Any] = Release.objects.all()
        return rows

    @extend_schema(request=None, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: UUID) -> Response:
        """Let nobody else go; who went stays."""
        releasing.stop_release(self.get_object(), now=timezone.now())
        return self._again()

    @extend_schema(request=None, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"], url_path="go-on")
    def go_on(self, request: Request, pk: UUID) -> Response:
        """Go on where it was stopped."""
        releasing.go_on_release(self.get_object(), now=timezone.now())
        return self._again()

    @extend_schema(request=None, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"], url_path="next-stage")
    def next_stage(self, request: Request, pk: UUID) -> Response:
        """Open the next stage now."""
        releasing.open_next_stage(self.get_object(), now=timezone.now())
        return self._again()

    @extend_schema(request=None, responses=ReleaseSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: UUID) -> Response:
        """End it for good."""
        releasing.end_release(self.get_object(), by=maker_of(request), now=timezone.now())
        return self._again()

    def _again(self) -> Response:
        return Response(ReleaseSerializer(self.get_object()).data)
