"""Ready models over the API: read by industry, and a draft begun from one."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadmgmt.workspaces.models import Scope
from leads.api.leads import StrictFields
from leads.api.lists import maker_of
from leads.api.reading import StrictJSONParser
from scoring.actions.ready import STARTED, start_ready
from scoring.api.serializers import VersionSerializer
from scoring.gallery import GALLERY
from scoring.gallery.ready import ReadyModel
from scoring.telling.ready import ReadyTold, ready_told


class ReadyModelSerializer(serializers.Serializer[ReadyModel]):
    """A ready model, and whom it is for."""

    key = serializers.CharField()
    name = serializers.CharField()
    whom = serializers.CharField()
    fit_rules = serializers.SerializerMethodField()
    engagement_rules = serializers.SerializerMethodField()

    def get_fit_rules(self, ready: ReadyModel) -> int:
        """How many rules about what a lead is."""
        return len(ready.fit)

    def get_engagement_rules(self, ready: ReadyModel) -> int:
        """How many rules about what a lead does."""
        return len(ready.engagement)


class ReadyRuleSerializer(serializers.Serializer[Any]):
    """A rule of a ready model, also in words."""

    name = serializers.CharField(source="rule.name")
    kind = serializers.CharField(source="rule.kind")
    sentence = serializers.CharField()
    condition = serializers.JSONField(source="rule.condition")
    points = serializers.IntegerField(source="rule.points")


class WholeReadyModelSerializer(serializers.Serializer[ReadyTold]):
    """One with its rules: `fit` grades what a lead is, `engagement` scores what it does."""

    key = serializers.CharField(source="ready.key")
    name = serializers.CharField(source="ready.name")
    whom = serializers.CharField(source="ready.whom")
    fit = ReadyRuleSerializer(many=True)
    engagement = ReadyRuleSerializer(many=True)


class ReadyModelsSerializer(serializers.Serializer[Any]):
    """All of them."""

    results = ReadyModelSerializer(many=True)


class StartReadySerializer(StrictFields):
    """From which one, and whether the draft is of the main model or of the one for fit."""

    key = serializers.CharField(max_length=40)
    purpose = serializers.ChoiceField(choices=STARTED)


class ReadyModelsView(APIView):
    """Ready models by industry."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.SCORING_WRITE}
    parser_classes = (StrictJSONParser,)

    @extend_schema(responses=ReadyModelsSerializer, operation_id="ready_models_retrieve")
    def get(self, request: Request) -> Response:
        """List every ready model."""
        return Response(ReadyModelsSerializer({"results": GALLERY.values()}).data)

    @extend_schema(
        request=StartReadySerializer,
        responses={201: VersionSerializer},
        operation_id="ready_models_start",
    )
    def post(self, request: Request) -> Response:
        """Begin a draft with the rules of one; 409 while a draft of that model is written."""
        form = StartReadySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = start_ready(
            _ready(form.validated_data["key"]),
            purpose=form.validated_data["purpose"],
            by=maker_of(request),
            now=timezone.now(),
        )
        return Response(VersionSerializer(made).data, status=201)


class ReadyModelView(APIView):
    """One ready model with its rules in words."""

    scopes = {"read": Scope.LEADS_READ}

    @extend_schema(responses=WholeReadyModelSerializer, operation_id="ready_model_retrieve")
    def get(self, request: Request, key: str) -> Response:
        """Return the rules of one; 404 for any other name."""
        return Response(WholeReadyModelSerializer(ready_told(_ready(key))).data)


def _ready(key: str) -> ReadyModel:
    if key not in GALLERY:
        said = {"key": key[:60], "known": ", ".join(GALLERY)}
        raise NotFound(_("There is no ready model “%(key)s”; there are: %(known)s.") % said)
    return GALLERY[key]
