"""Models and their versions over the API: added, written, published, retired."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.api.lists import maker_of
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.uses import uses_of
from scoring.actions.content import replace_content
from scoring.actions.drafting import start_draft
from scoring.actions.models import add_model
from scoring.actions.publishing import publish_model
from scoring.actions.retiring import retire_model
from scoring.api.content import ContentSerializer, NewModelSerializer
from scoring.api.radius import Foreseeing
from scoring.api.releases import PublishSerializer
from scoring.api.serializers import (
    ChangesSerializer,
    CountsSerializer,
    ModelSerializer,
    ModelUsedSerializer,
    VersionSerializer,
    WholeVersionSerializer,
)
from scoring.differing import differences, version_before
from scoring.line import LOST, is_lost
from scoring.meaning import warnings_of
from scoring.models import ModelVersion, ScoreModel
from scoring.queries import draft_counted, rules_told


class NewestFirst(KeysetPagination):
    """By when they were made."""

    order = ("-made_at", "-id")


class ScoreModelViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, Foreseeing):
    """What leads are scored for: the main score, the fit, product lines."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.SCORING_WRITE}
    queryset = ScoreModel._base_manager.none()
    serializer_class = ModelSerializer
    pagination_class = NewestFirst
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """The models of the workspace, retired ones too."""
        versions = ModelVersion.objects.filter(model=OuterRef("pk"))
        rows: QuerySet[Any] = ScoreModel.objects.annotate(
            version=Subquery(versions.published().values("pk")[:1]),
            has_draft=Exists(versions.draft()),
        )
        return rows

    @extend_schema(responses=ModelUsedSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One model, with what asks about its score."""
        model = self.get_object()
        model.used_by = uses_of(model.pk)
        return Response(ModelUsedSerializer(model).data)

    @extend_schema(request=NewModelSerializer, responses={201: ModelSerializer})
    def create(self, request: Request) -> Response:
        """Add a model for fit, or a product line."""
        form = NewModelSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = add_model(**form.validated_data, now=timezone.now())
        return Response(ModelSerializer(self.get_queryset().get(pk=made.pk)).data, status=201)

    @extend_schema(request=None, responses=VersionSerializer)
    @action(detail=True, methods=["post"])
    def draft(self, request: Request, pk: UUID) -> Response:
        """Begin the next version as a copy of the latest, or get the draft there is."""
        found = start_draft(self.get_object(), by=maker_of(request), now=timezone.now())
        return Response(VersionSerializer(found).data)

    @extend_schema(request=PublishSerializer, responses=VersionSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: UUID) -> Response:
        """Publish the draft; it is worked out for every lead before it takes its place."""
        model = self.get_object()
        draft = get_object_or_404(ModelVersion.objects.draft(), model=model)
        form = PublishSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = publish_model(
            draft,
            by=maker_of(request),
            reason=form.validated_data["reason"],
            now=timezone.now(),
            terms=form.terms,
        )
        return Response(VersionSerializer(asked.version).data)

    @extend_schema(request=None, responses=ModelSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: UUID) -> Response:
        """Put a model out of use; its scores, or its grades, go in the background."""
        retire_model(self.get_object(), by=maker_of(request), now=timezone.now())
        return Response(ModelSerializer(self.get_object()).data)


class ScoreVersionViewSet(mixins.ListModelMixin, GenericViewSet[Any]):
    """Versions of models with their rules, groups and decision rules."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.SCORING_WRITE}
    queryset = ModelVersion._base_manager.none()
    serializer_class = VersionSerializer
    pagination_class = NewestFirst
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """Every version, drafts too."""
        rows: QuerySet[Any] = ModelVersion.objects.select_related("model")
        return rows

    @extend_schema(responses=WholeVersionSerializer)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One version with all it is made of."""
        return self._whole()

    @extend_schema(request=ContentSerializer, responses=WholeVersionSerializer)
    @action(detail=True, methods=["put"])
    def content(self, request: Request, pk: UUID) -> Response:
        """Replace all that a draft says; a refusal names the rule at fault."""
        draft = self.get_object()
        form = ContentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        replace_content(draft, form.content())
        return self._whole()

    @extend_schema(responses=ChangesSerializer)
    @action(detail=True, methods=["get"])
    def changes(self, request: Request, pk: UUID) -> Response:
        """What a version says otherwise than the one it follows, in words."""
        version = self.get_object()
        before = version_before(version)
        said = differences(before, version) if before is not None else []
        told = {"before": before.pk if before is not None else None, "changes": said}
        return Response(ChangesSerializer(told).data)

    @extend_schema(responses=CountsSerializer)
    @action(detail=True, methods=["get"])
    def counts(self, request: Request, pk: UUID) -> Response:
        """How many leads each rule would give points now; above 100,000 leads an estimate."""
        counted = draft_counted(self.get_object(), timezone.now())
        return Response(CountsSerializer(counted).data)

    def _whole(self) -> Response:
        version = self.get_object()
        version.told = rules_told(version, with_counts=False)
        version.in_order = {
            "groups": version.groups.order_by("position"),
            "decisions": version.decisions.order_by("position"),
        }
        version.warnings = [*([LOST] if is_lost(version) else []), *warnings_of(version)]
        return Response(WholeVersionSerializer(version).data)
