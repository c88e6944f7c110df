"""The blast radius over the API: what publishing a draft would do, and to whom."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leads.api.reading import KeysetPagination
from leads.models import LeadClass
from scoring.actions.foreseeing import ask_radius, digest_of_draft
from scoring.models import BlastRadius, ModelVersion, ScoreModel
from scoring.queries import sorts_without_points
from scoring.queries.radius import people_of


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

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Without scores where decision rules sort."""
        told = super().to_representation(instance)
        hidden = {"old_score": None, "new_score": None}
        return told | hidden if self.context.get("is_pointless") else told


class TouchedOrder(KeysetPagination):
    """Who would become an MQL first."""

    order = ("-is_promoted", "lead_id")


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
        context = {"is_pointless": sorts_without_points()}
        told = TouchedSerializer(page, many=True, context=context)
        return self.get_paginated_response(told.data)


def _draft_of(model: ScoreModel) -> ModelVersion:
    drafts = ModelVersion.objects.draft().select_related("model")
    found: ModelVersion = get_object_or_404(drafts, model=model)
    return found


def _radius_of(draft: ModelVersion) -> BlastRadius:
    radii = BlastRadius.objects.select_related("version__model")
    found: BlastRadius = get_object_or_404(radii, version=draft)
    return found
