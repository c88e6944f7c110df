"""Pipelines, their stages with sums, and reasons for winning and losing, over the API."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import close_reasons, pipeline_stages, pipelines
from funnel.api.rows import OfWorkspace
from funnel.models import CloseReason, Forecast, Pipeline, PipelineStage
from funnel.models.deals import CLOSED
from funnel.queries.board import StageSum, sums_of
from leads.api.fields import by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination


class InOrder(KeysetPagination):
    """As people put them."""

    order = ("position", "id")


class PipelineSerializer(serializers.ModelSerializer[Pipeline]):
    """One way of selling."""

    class Meta:
        model = Pipeline
        fields = ("id", "name", "explanation", "position", "created_at", "retired_at")


class PipelineChangesSerializer(StrictFields):
    """What to change; `is_retired` takes it out of use, or back into it."""

    name = serializers.CharField(max_length=80, required=False)
    explanation = serializers.CharField(max_length=500, required=False, allow_blank=True)
    is_retired = serializers.BooleanField(required=False)


class NewPipelineSerializer(StrictFields):
    """One more; it begins with the usual stages."""

    name = serializers.CharField(max_length=80)
    explanation = serializers.CharField(max_length=500, required=False, allow_blank=True)


class StageSumSerializer(serializers.Serializer[Any]):
    """Open deals of a stage: how many, and money in cents."""

    stage = serializers.UUIDField()
    name = serializers.CharField()
    deals = serializers.IntegerField()
    amount = serializers.IntegerField()
    margin = serializers.IntegerField()
    weighted = serializers.IntegerField()


OWNER = OpenApiParameter("owner", UUID, description="Only this member's deals.")


class PipelineViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Pipelines: the ways a workspace sells."""

    queryset = Pipeline._base_manager.none()
    serializer_class = PipelineSerializer
    pagination_class = InOrder
    filter_backends = ()

    @extend_schema(request=NewPipelineSerializer, responses={201: PipelineSerializer})
    def create(self, request: Request) -> Response:
        """One more way of selling."""
        made = pipelines.add_pipeline(**self.told(NewPipelineSerializer))
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=PipelineChangesSerializer, responses=PipelineSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named and nothing else."""
        told, pipeline = self.told(PipelineChangesSerializer), self.get_object()
        is_retired = told.pop("is_retired", None)
        with transaction.atomic():
            pipelines.change_pipeline(pipeline, changes=told)
            if is_retired is True:
                pipelines.retire_pipeline(pipeline, now=timezone.now())
            elif is_retired is False:
                pipelines.restore_pipeline(pipeline)
        return self.answer(self.get_object())

    @extend_schema(responses=StageSumSerializer(many=True), parameters=[OWNER])
    @action(detail=True, methods=["get"])
    def board(self, request: Request, pk: UUID) -> Response:
        """What is open in each stage, in their order; deals: `GET /deals/?stage=`."""
        stages = list(self.get_object().stages.order_by("position", "id"))
        sums = sums_of(stages, owner=_member(request.query_params.get("owner", "")))
        rows = [
            {"stage": each.pk, "name": each.name, **vars(sums.get(each.pk, StageSum()))}
            for each in stages
            if each.retired_at is None or each.pk in sums
        ]
        return Response(StageSumSerializer(rows, many=True).data)


class StageSerializer(serializers.ModelSerializer[PipelineStage]):
    """A step of a pipeline; probability in percent."""

    class Meta:
        model = PipelineStage
        exclude = ("workspace",)


class StageChangesSerializer(StrictFields):
    """What to change; `position`: 0 for the first of its pipeline."""

    name = serializers.CharField(max_length=80, required=False)
    explanation = serializers.CharField(max_length=500, required=False, allow_blank=True)
    probability = serializers.IntegerField(min_value=0, max_value=100, required=False)
    forecast = serializers.ChoiceField(choices=Forecast.choices, required=False)
    position = serializers.IntegerField(min_value=0, max_value=100, required=False)


class NewStageSerializer(StageChangesSerializer):
    """One more step, at the end of a pipeline."""

    pipeline = one_of(Pipeline)
    name = serializers.CharField(max_length=80)
    probability = serializers.IntegerField(min_value=0, max_value=100)
    position = None  # type: ignore[assignment]  # at the end


class RetiredSerializer(StrictFields):
    """Where its open deals go on; needed when there are some."""

    into = one_of(PipelineStage, required=False, allow_null=True, default=None)
    by = by_member()


class StageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Stages of pipelines; `?pipeline=` those of one."""

    queryset = PipelineStage._base_manager.none()
    serializer_class = StageSerializer
    pagination_class = InOrder
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Any]:
        """All, or those of one pipeline."""
        rows = super().get_queryset().select_related("pipeline")
        asked = self.request.query_params.get("pipeline")
        return rows if asked is None else rows.filter(pipeline_id=_member(asked))

    @extend_schema(request=NewStageSerializer, responses={201: StageSerializer})
    def create(self, request: Request) -> Response:
        """One more step."""
        told = self.told(NewStageSerializer)
        made = pipeline_stages.add_stage(told.pop("pipeline"), **told)
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=StageChangesSerializer, responses=StageSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named; another `position` shifts the others."""
        told, stage = self.told(StageChangesSerializer), self.get_object()
        position = told.pop("position", None)
        with transaction.atomic():
            pipeline_stages.change_stage(stage, changes=told)
            if position is not None:
                pipeline_stages.shift_stage(stage, to=position)
        return self.answer(self.get_object())

    @extend_schema(request=RetiredSerializer, responses=StageSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: UUID) -> Response:
        """Take it out of the pipeline; its open deals go on in another."""
        told = self.told(RetiredSerializer)
        pipeline_stages.retire_stage(self.get_object(), **told, now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(request=None, responses=StageSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: UUID) -> Response:
        """Put it back, at the end."""
        pipeline_stages.restore_stage(self.get_object())
        return self.answer(self.get_object())


class CloseReasonSerializer(serializers.ModelSerializer[CloseReason]):
    """Why deals are won, or lost."""

    class Meta:
        model = CloseReason
        exclude = ("workspace",)


class NewReasonSerializer(StrictFields):
    """One more reason."""

    status = serializers.ChoiceField(choices=CLOSED)
    name = serializers.CharField(max_length=80)


class SwitchedSerializer(StrictFields):
    """Offered no more, or again."""

    is_retired = serializers.BooleanField()


class CloseReasonViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Reasons deals are closed for."""

    queryset = CloseReason._base_manager.none()
    serializer_class = CloseReasonSerializer
    pagination_class = InOrder
    filter_backends = ()

    @extend_schema(request=NewReasonSerializer, responses={201: CloseReasonSerializer})
    def create(self, request: Request) -> Response:
        """One more."""
        made = close_reasons.add_close_reason(**self.told(NewReasonSerializer))
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(request=SwitchedSerializer, responses=CloseReasonSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Offer it no more, or again."""
        reason = self.get_object()
        if self.told(SwitchedSerializer)["is_retired"]:
            close_reasons.retire_close_reason(reason, now=timezone.now())
        else:
            close_reasons.restore_close_reason(reason)
        return self.answer(self.get_object())


def _member(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
