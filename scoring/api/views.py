"""The published model, and why a lead has its score."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadmgmt.workspaces.models import Scope
from leads.models import Lead
from scoring.api.serializers import OneScoreSerializer, ScoreModelSerializer, ScoreSerializer
from scoring.models import ModelVersion
from scoring.queries import explain_scores, rules_told


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
        models = [OneScoreSerializer(each).data for each in found]
        return Response({**models[0], "models": models})
