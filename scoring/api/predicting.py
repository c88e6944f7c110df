"""Predictive models over the API: train, read, choose, retire; a lead's chance with its reasons."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from leadmgmt.workspaces.models import Scope
from leads.api.fields import OfWorkspace, by_member
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.models import Lead
from scoring.actions import training
from scoring.cases import Study
from scoring.cases.studies import LONGEST, OUTCOMES
from scoring.models import PredictionState, PredictiveModel
from scoring.predicting.training import FEWEST_CASES, FEWEST_OF_EACH
from scoring.predicting.wording import refusal
from scoring.queries import sorts_without_points
from scoring.queries.predicting import Chance, chance_of, drift_of, strongest_signs, warned


class StudySerializer(StrictFields):
    """What the past is asked: which leads, when one decides, what counts as success."""

    created_from = serializers.DateTimeField()
    created_to = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=OUTCOMES, default="sql")
    field = serializers.CharField(required=False, default="", allow_blank=True, max_length=80)
    value = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    wait_days = serializers.IntegerField(min_value=0, max_value=LONGEST, default=14)
    within_days = serializers.IntegerField(min_value=0, max_value=LONGEST, default=90)
    without = serializers.ListField(
        child=serializers.CharField(max_length=80), default=list, max_length=500
    )


class TrainSerializer(StudySerializer):
    """A study, and who asks."""

    by = by_member()


class ReasonSerializer(StrictFields):
    """Why a version is chosen, and by whom."""

    reason = serializers.CharField(max_length=300, allow_blank=True)
    by = by_member()


class NobodySerializer(StrictFields):
    """Who retires it."""

    by = by_member()


class SignSerializer(serializers.Serializer[Any]):
    """A level that moves the chance: a hundred points double the odds."""

    sentence = serializers.CharField()
    points = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of the cases learnt from, from 0 to 1.")


class WarnedSerializer(serializers.Serializer[Any]):
    """A field that was probably written when the outcome was known."""

    field = serializers.CharField(source="name")
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    reasons = serializers.ListField(child=serializers.CharField(), source="sentences")


class PredictiveModelSerializer(serializers.ModelSerializer[PredictiveModel]):
    """A version. `figures.held_out` is about cases the weights have not seen."""

    version = serializers.IntegerField(source="number")
    state = serializers.ChoiceField(choices=PredictionState.choices)
    study = StudySerializer()
    figures = serializers.JSONField()

    class Meta:
        model = PredictiveModel
        fields = (
            "id",
            "version",
            "state",
            "study",
            "figures",
            "asked_at",
            "asked_by",
            "trained_at",
            "reason",
            "chosen_at",
            "chosen_by",
            "retired_at",
        )


class PredictiveModelDetailSerializer(PredictiveModelSerializer):
    """A version with what it learnt, what it should not have looked at, and whether it drifts."""

    refusal = serializers.SerializerMethodField(help_text="Why nothing was learnt, if so.")
    signs = serializers.SerializerMethodField()
    suspects = serializers.SerializerMethodField()
    drift = serializers.SerializerMethodField()

    class Meta(PredictiveModelSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *PredictiveModelSerializer.Meta.fields,
            "refusal",
            "signs",
            "suspects",
            "drift",
        )

    def get_refusal(self, model: PredictiveModel) -> str:
        """The sentence with the numbers."""
        is_refused = model.state == PredictionState.REFUSED
        return refusal(model.figures, FEWEST_CASES, FEWEST_OF_EACH) if is_refused else ""

    @extend_schema(responses=SignSerializer(many=True))
    def get_signs(self, model: PredictiveModel) -> list[dict[str, Any]]:
        """The strongest ones."""
        return list(SignSerializer(strongest_signs(model), many=True).data)

    def get_suspects(self, model: PredictiveModel) -> list[dict[str, Any]]:
        """Fields under suspicion, with the reasons."""
        return list(WarnedSerializer(warned(model.suspects), many=True).data)

    def get_drift(self, model: PredictiveModel) -> dict[str, Any]:
        """`verdict` is unknown, steady, moved or drifted."""
        found = drift_of(model)
        return {**found.said, "verdict": found.verdict} if found else {}


class NewestVersions(KeysetPagination):
    """The newest first."""

    order = ("-number", "-id")


class PredictiveModelViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Versions of the predictive model; the chosen one gives leads their chance."""

    queryset = PredictiveModel._base_manager.none()
    serializer_class = PredictiveModelSerializer
    pagination_class = NewestVersions
    filter_backends = ()

    @extend_schema(responses=PredictiveModelDetailSerializer)
    def retrieve(self, request: Request, pk: Any = None) -> Response:
        """One version with all it learnt."""
        return Response(PredictiveModelDetailSerializer(self.get_object()).data)

    @extend_schema(request=TrainSerializer, responses={202: PredictiveModelSerializer})
    def create(self, request: Request) -> Response:
        """Have a version trained in the background; read it until its state is `trained`."""
        told = self.told(TrainSerializer)
        by = told.pop("by")
        study = Study(**{**told, "without": frozenset(told["without"])})
        made = training.ask_training(study, by=by, now=timezone.now())
        return self.answer(made, status.HTTP_202_ACCEPTED)

    @extend_schema(request=ReasonSerializer, responses=PredictiveModelSerializer)
    @action(detail=True, methods=["post"])
    def choose(self, request: Request, pk: Any = None) -> Response:
        """Show the chances of this version; the one before is retired."""
        model, told = self.get_object(), self.told(ReasonSerializer)
        now = timezone.now()
        training.choose_prediction(model, by=told["by"], reason=told["reason"], now=now)
        return self.answer(self.get_object())

    @extend_schema(request=NobodySerializer, responses=PredictiveModelSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: Any = None) -> Response:
        """Show no chances any more."""
        model, told = self.get_object(), self.told(NobodySerializer)
        training.retire_prediction(model, by=told["by"], now=timezone.now())
        return self.answer(self.get_object())


class ChanceReasonSerializer(serializers.Serializer[Any]):
    """What one feature adds to the log-odds."""

    feature = serializers.CharField()
    sentence = serializers.CharField()
    effect = serializers.CharField()
    points = serializers.IntegerField(allow_null=True)


class ChanceSerializer(serializers.Serializer[Chance]):
    """A lead's chance; `base` and the points of the reasons sum to `points` exactly.

    `log_odds` is points × ln 2 / 100, and `probability` is 1 / (1 + exp(−log_odds)). Where
    decision rules sort the leads, points are null.
    """

    probability = serializers.FloatField()
    log_odds = serializers.FloatField()
    points = serializers.IntegerField(allow_null=True)
    base = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(source="model.number")
    as_of = serializers.DateTimeField()
    reasons = ChanceReasonSerializer(many=True)


class LeadProbabilityView(APIView):
    """How likely a lead is to reach the outcome, and why."""

    scopes = {"read": Scope.LEADS_READ}

    @extend_schema(responses=ChanceSerializer, operation_id="lead_probability_retrieve")
    def get(self, request: Request, id: Any) -> Response:
        """Return the chance with its reasons; 404 for an unknown lead or without a chosen model."""
        lead = Lead.objects.filter(pk=id).first()
        found = chance_of(lead) if lead is not None else None
        if found is None:
            raise NotFound(_("There is no such lead, or no predictive model is chosen."))
        told = dict(ChanceSerializer(found).data)
        return Response(_without_points(told) if sorts_without_points() else told)


def _without_points(told: dict[str, Any]) -> dict[str, Any]:
    reasons = [{**each, "points": None} for each in told["reasons"]]
    return {**told, "points": None, "base": None, "reasons": reasons}
