"""The published model, and why a lead has its score."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadmgmt.workspaces.models import Scope
from leads.api.reading import KeysetPagination
from leads.models import Lead
from scoring.api.serializers import (
    OneScoreSerializer,
    ScoreChangeSerializer,
    ScoreModelSerializer,
    ScoreSerializer,
)
from scoring.models import Mode, ModelVersion, ScoreChange, ScoreModel
from scoring.queries import explain_scores, rules_told
from scoring.telling.history import ChangeTold, told_changes
from scoring.telling.whole import tell_scores


class ScoreModelView(APIView):
    """The published score model."""

    scopes = {"read": Scope.LEADS_READ}

    @extend_schema(responses=ScoreModelSerializer, operation_id="score_model_retrieve")
    def get(self, request: Request) -> Response:
        """Return the published model with its rules; 404 while none is published."""
        version = ModelVersion.objects.main().published().first()
        if version is None:
            raise NotFound(_("No score model is published."))
        told = {"model": version, "rules": rules_told(version, with_counts=False)}
        return Response(ScoreModelSerializer(told).data)


class LeadScoreView(APIView):
    """Why a lead has its score."""

    scopes = {"read": Scope.LEADS_READ}

    @extend_schema(responses=ScoreSerializer, operation_id="lead_score_retrieve")
    def get(self, request: Request, id: Any) -> Response:
        """Return the score with its contributions; 404 for an unknown lead or without a model."""
        lead = Lead.objects.filter(pk=id).first()
        found = explain_scores(lead) if lead is not None else []
        if not found:
            raise NotFound(_("There is no such lead, or it has no score yet."))
        told = tell_scores(found, lead, timezone.now()) if lead is not None else []
        models = [OneScoreSerializer(each).data for each in told]
        return Response({**models[0], "models": models})


def _model_asked(asked: str) -> ScoreModel:
    with suppress(ValueError):
        found: ScoreModel | None = ScoreModel.objects.filter(pk=UUID(asked)).first()
        if found is not None:
            return found
    raise NotFound(_("There is no score model %(id)s.") % {"id": asked[:60]})


class NewestChangesFirst(KeysetPagination):
    """By when they happened."""

    order = ("-at", "-id")


@extend_schema_view(
    get=extend_schema(
        parameters=[
            OpenApiParameter(
                "model", UUID, description="By which model, also a retired one; else the main one."
            )
        ]
    )
)
class LeadScoreChangesView(ListAPIView[Any]):
    """How a lead's score came about, newest first: the one lists show, or by another model."""

    scopes = {"read": Scope.LEADS_READ}
    queryset = ScoreChange._base_manager.none()
    serializer_class = ScoreChangeSerializer
    pagination_class = NewestChangesFirst

    def get_queryset(self) -> QuerySet[Any]:
        """The changes of this lead by the model asked for."""
        lead = get_object_or_404(Lead, pk=self.kwargs["id"])
        rows = ScoreChange.objects.filter(lead=lead).select_related("version")
        asked = self.request.query_params.get("model")
        found: QuerySet[Any] = rows.main() if asked is None else rows.of(_model_asked(asked))
        return found

    def paginate_queryset(self, queryset: Any) -> list[ChangeTold] | None:  # type: ignore[override]  # told, no rows
        """A page of them in words; without numbers where the main model sorts without points."""
        page = super().paginate_queryset(queryset) or []
        mains = ModelVersion.objects.main().published()
        is_pointless = mains.filter(mode=Mode.DECISIONS).exists()
        return told_changes(list(page)[::-1], is_pointless=is_pointless)[::-1]
