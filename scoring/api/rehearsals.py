"""Simulations and back-tests over the API: start, watch, read, list, cancel."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.api.leads import StrictFields
from leads.api.lists import maker_of
from leads.api.reading import KeysetPagination, StrictJSONParser
from scoring.actions import backtesting, simulating
from scoring.api.predicting import StudySerializer
from scoring.backtest.prediction_wording import prediction_sentence
from scoring.backtest.wording import (
    confidence_sentence,
    good_leads,
    name_of,
    verdict_sentence,
    warnings_of,
)
from scoring.cases import Study
from scoring.cases.suspecting import labels_of_fields
from scoring.models import BackTest, ModelVersion, RehearsalState, SimulatedLead, Simulation
from scoring.queries import rehearsals, sorts_without_points

SHOWN = (
    "id", "model", "version", "fingerprint", "beside", "state", "asked_by", "asked_at",
    "finished_at", "done", "total",
)  # fmt: skip


NO_SCORES = {"old_score": None, "new_score": None}


class VersionField(serializers.PrimaryKeyRelatedField[ModelVersion]):
    """Names a version of the workspace."""

    queryset = ModelVersion._base_manager.none()  # for the schema only

    def get_queryset(self) -> QuerySet[ModelVersion]:
        """Asked anew for each request: the workspace differs."""
        versions: QuerySet[ModelVersion] = ModelVersion.objects.select_related("model")
        return versions


class StartSimulationSerializer(StrictFields):
    """Which version."""

    version = VersionField()


class StartBackTestSerializer(StudySerializer):
    """Which version, and what the past is asked."""

    version = VersionField()


class ClassMoveSerializer(serializers.Serializer[Any]):
    """So many leads from one class, or grade, to another; empty for none."""

    old = serializers.CharField()
    new = serializers.CharField()
    leads = serializers.IntegerField()


class SimulationSerializer(serializers.ModelSerializer[Simulation]):
    """A draft worked out for today's leads; figures are null until it is done."""

    state = serializers.ChoiceField(choices=RehearsalState.choices, read_only=True)
    is_stale = serializers.SerializerMethodField(help_text="The draft has changed since.")
    leads = serializers.IntegerField(source="result.leads", default=None)
    rescored = serializers.IntegerField(source="result.rescored", default=None)
    gaining = serializers.IntegerField(
        source="result.gaining", default=None, help_text="Would reach the line to MQL."
    )
    losing = serializers.IntegerField(source="result.losing", default=None)
    classes = serializers.SerializerMethodField()
    grades = serializers.SerializerMethodField()

    class Meta:
        model = Simulation
        fields = (
            *SHOWN, "line", "is_stale", "leads", "rescored", "gaining", "losing", "classes",
            "grades",
        )  # fmt: skip

    def get_is_stale(self, simulation: Simulation) -> bool:
        """By the fingerprint."""
        return rehearsals.is_stale(simulation)

    @extend_schema_field(ClassMoveSerializer(many=True))
    def get_classes(self, simulation: Simulation) -> list[dict[str, Any]]:
        """From class to class."""
        return _moves(simulation, "classes")

    @extend_schema_field(ClassMoveSerializer(many=True))
    def get_grades(self, simulation: Simulation) -> list[dict[str, Any]]:
        """From grade to grade."""
        return _moves(simulation, "grades")


def _moves(simulation: Simulation, of: str) -> list[dict[str, Any]]:
    moves = simulation.result.get(of, ())
    return [{"old": old, "new": new, "leads": leads} for old, new, leads in moves]


class SimulatedLeadSerializer(serializers.ModelSerializer[SimulatedLead]):
    """A lead as it stands, and as it would."""

    class Meta:
        model = SimulatedLead
        fields = (
            "lead", "old_score", "new_score", "old_class", "new_class", "old_grade", "new_grade",
        )  # fmt: skip

    def to_representation(self, instance: SimulatedLead) -> dict[str, Any]:
        """Without scores where decision rules sort."""
        told = super().to_representation(instance)
        return told | NO_SCORES if self.context.get("is_pointless") else told


class BackTestSerializer(serializers.ModelSerializer[BackTest]):
    """A version asked about the past."""

    state = serializers.ChoiceField(choices=RehearsalState.choices, read_only=True)
    study = StudySerializer()
    verdict = serializers.CharField(source="result.verdict", default="")

    class Meta:
        model = BackTest
        fields = (*SHOWN, "study", "verdict")


class BackTestDetailSerializer(BackTestSerializer):
    """The same with the figures, the verdict in words, and what to be wary of."""

    result = serializers.SerializerMethodField(
        help_text="The figures; without points where decision rules sort."
    )
    sentence = serializers.SerializerMethodField(help_text="The verdict in words.")
    confidence = serializers.SerializerMethodField(help_text="A caution, where cases are few.")
    prediction = serializers.SerializerMethodField(
        help_text="How the predictive model does beside it, or why nothing is said; else empty."
    )
    warnings = serializers.SerializerMethodField()

    class Meta(BackTestSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *BackTestSerializer.Meta.fields, "sentence", "confidence", "prediction", "warnings",
            "result",
        )  # fmt: skip

    def get_result(self, test: BackTest) -> dict[str, Any]:
        """As it was worked out."""
        if sorts_without_points():
            return rehearsals.without_points(test.result)
        return dict(test.result)

    def get_sentence(self, test: BackTest) -> str:
        """As the page says it."""
        good = good_leads(Study.from_json(test.study), labels_of_fields())
        return verdict_sentence(test.result, good)

    def get_confidence(self, test: BackTest) -> str:
        """As the page says it."""
        return confidence_sentence(test.result)

    def get_prediction(self, test: BackTest) -> str:
        """As the page says it; the figures are in `result.predicted`."""
        told = test.result.get("predicted")
        if not told:
            return ""
        labels = labels_of_fields()
        good = good_leads(Study.from_json(test.study), labels)
        return prediction_sentence(told, name_of(test.result["versions"][0]), good, labels)

    def get_warnings(self, test: BackTest) -> list[str]:
        """As the page says them."""
        return list(warnings_of(test.result, Study.from_json(test.study), labels_of_fields()))


class NewestAsked(KeysetPagination):
    """By when they were asked."""

    order = ("-asked_at", "-id")


class MostMoved(KeysetPagination):
    """Who moves most first."""

    order = ("-moved", "lead_id")


class Rehearsals(mixins.ListModelMixin, GenericViewSet[Any]):
    """What simulations and back-tests have in common."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.SCORING_WRITE}
    pagination_class = NewestAsked
    parser_classes = (StrictJSONParser,)
    filter_backends = ()
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """Those of the workspace."""
        view: Any = self
        rows: QuerySet[Any] = view.queryset.model.objects.select_related("version")
        return rows

    def told(self, serializer: type[StrictFields]) -> dict[str, Any]:
        """What was sent, checked."""
        form = serializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)


class SimulationViewSet(mixins.RetrieveModelMixin, Rehearsals):
    """Drafts worked out for today's leads; nothing anybody sees moves."""

    queryset = Simulation._base_manager.none()
    serializer_class = SimulationSerializer

    @extend_schema(request=StartSimulationSerializer, responses={202: SimulationSerializer})
    def create(self, request: Request) -> Response:
        """Start one in the background; the one before of the model goes."""
        version = self.told(StartSimulationSerializer)["version"]
        made = simulating.start_simulation(version, by=maker_of(request), now=timezone.now())
        return Response(SimulationSerializer(made).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=SimulationSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Stop it."""
        simulating.cancel_simulation(self.get_object(), now=timezone.now())
        return Response(SimulationSerializer(self.get_object()).data)

    @extend_schema(responses=SimulatedLeadSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=MostMoved)
    def leads(self, request: Request, pk: UUID) -> Response:
        """Return the leads; `?old=` and `?new=` name classes ("none": none), `?crossing=`."""
        asked: dict[str, Any] = {
            name: "" if request.query_params.get(name) == "none" else request.query_params.get(name)
            for name in ("old", "new")
        }
        crossing = request.query_params.get("crossing", "")
        rows = rehearsals.simulated_leads(self.get_object(), crossing=crossing, **asked)
        page = self.paginate_queryset(rows)
        context = {"is_pointless": sorts_without_points()}
        told = SimulatedLeadSerializer(page, many=True, context=context)
        return self.get_paginated_response(told.data)


class BackTestViewSet(Rehearsals):
    """Versions asked about the past; results never change."""

    queryset = BackTest._base_manager.none()
    serializer_class = BackTestSerializer

    @extend_schema(responses=BackTestDetailSerializer)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """One with all its figures."""
        return Response(BackTestDetailSerializer(self.get_object()).data)

    @extend_schema(request=StartBackTestSerializer, responses={202: BackTestSerializer})
    def create(self, request: Request) -> Response:
        """Start one in the background; read it until its state is `done`."""
        told = self.told(StartBackTestSerializer)
        version = told.pop("version")
        study = Study(**{**told, "without": frozenset(told["without"])})
        made = backtesting.start_back_test(version, study, by=maker_of(request), now=timezone.now())
        return Response(BackTestSerializer(made).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=BackTestSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: UUID) -> Response:
        """Stop it."""
        backtesting.cancel_back_test(self.get_object(), now=timezone.now())
        return Response(BackTestSerializer(self.get_object()).data)
