"""Scoring over REST: the published model, and why a lead has its score.

Mounted below `/api/v1/`.
"""

from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadmgmt.workspaces.models import Scope
from leads.models import Lead
from scoring.models import ScoreModel
from scoring.queries import explain_score, rules_told


class RuleSerializer(serializers.Serializer[Any]):
    """One rule of a model, also in words."""

    id = serializers.UUIDField(source="rule.pk")
    name = serializers.CharField(source="rule.name")
    kind = serializers.CharField(source="rule.kind")
    sentence = serializers.CharField()
    condition = serializers.JSONField(source="rule.condition")
    points = serializers.IntegerField(source="rule.points")
    per = serializers.CharField(source="rule.per")
    window_days = serializers.IntegerField(source="rule.window_days", allow_null=True)
    cap = serializers.IntegerField(source="rule.cap", allow_null=True)


class ScoreModelSerializer(serializers.Serializer[Any]):
    """A version of the score model."""

    version = serializers.IntegerField(source="model.number")
    published_at = serializers.DateTimeField(source="model.published_at")
    reason = serializers.CharField(source="model.reason")
    hot_from = serializers.IntegerField(source="model.hot_from")
    warm_from = serializers.IntegerField(source="model.warm_from")
    rules = RuleSerializer(many=True)


class ContributionSerializer(serializers.Serializer[Any]):
    """What one rule gives one lead: `raw` before its cap, `points` after it."""

    rule = serializers.UUIDField(source="rule.pk")
    name = serializers.CharField(source="rule.name")
    sentence = serializers.CharField()
    facts = serializers.IntegerField()
    raw = serializers.IntegerField()
    points = serializers.IntegerField()


class ScoreSerializer(serializers.Serializer[Any]):
    """A lead's score; the points of its contributions sum to it exactly."""

    score = serializers.IntegerField()
    lead_class = serializers.CharField()
    reason = serializers.CharField()
    version = serializers.IntegerField(source="model.number")
    as_of = serializers.DateTimeField()
    contributions = ContributionSerializer(many=True, source="given")


class ScoreModelView(APIView):
    """The published score model."""

    scopes = {"read": Scope.LEADS_READ}

    @extend_schema(responses=ScoreModelSerializer, operation_id="score_model_retrieve")
    def get(self, request: Request) -> Response:
        """Return the published model with its rules; 404 while none is published."""
        model = ScoreModel.objects.published().first()
        if model is None:
            raise NotFound(_("No score model is published."))
        told = {"model": model, "rules": rules_told(model, with_counts=False)}
        return Response(ScoreModelSerializer(told).data)


class LeadScoreView(APIView):
    """Why a lead has its score."""

    scopes = {"read": Scope.LEADS_READ}

    @extend_schema(responses=ScoreSerializer, operation_id="lead_score_retrieve")
    def get(self, request: Request, id: Any) -> Response:
        """Return the score with its contributions; 404 for an unknown lead or without a model."""
        lead = Lead.objects.filter(pk=id).first()
        found = explain_score(lead) if lead is not None else None
        if found is None:
            raise NotFound(_("There is no such lead, or it has no score yet."))
        return Response(ScoreSerializer(found).data)


urlpatterns = [
    path("score-model/", ScoreModelView.as_view(), name="score-model"),
    path("leads/<uuid:id>/score/", LeadScoreView.as_view(), name="lead-score"),
]
