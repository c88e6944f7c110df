"""Onboarding steps over the API."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.api.pipelines import InOrder
from funnel.api.rows import OfWorkspace
from funnel.care import steps
from funnel.models import Doer, OnboardingStep
from leads.api.leads import StrictFields


class OnboardingStepSerializer(serializers.ModelSerializer[OnboardingStep]):
    """What is done with every new customer; `due_days` after their first purchase."""

    class Meta:
        model = OnboardingStep
        exclude = ("workspace",)


class StepChangesSerializer(StrictFields):
    """What to change; `position`: 0 for the first. `is_retired`: for no new customer, or again."""

    name = serializers.CharField(max_length=120, required=False)
    hint = serializers.CharField(max_length=500, required=False, allow_blank=True)
    due_days = serializers.IntegerField(min_value=0, max_value=steps.MOST_DAYS, required=False)
    doer = serializers.ChoiceField(choices=Doer.choices, required=False)
    position = serializers.IntegerField(min_value=0, max_value=steps.MOST_STEPS, required=False)
    is_retired = serializers.BooleanField(required=False)


class NewStepSerializer(StrictFields):
    """One more, at the end."""

    name = serializers.CharField(max_length=120)
    hint = serializers.CharField(max_length=500, required=False, allow_blank=True)
    due_days = serializers.IntegerField(min_value=0, max_value=steps.MOST_DAYS, required=False)
    doer = serializers.ChoiceField(choices=Doer.choices, required=False)


class OnboardingStepViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """The steps new customers are taken through."""

    queryset = OnboardingStep._base_manager.none()
    serializer_class = OnboardingStepSerializer
    pagination_class = InOrder
    filter_backends = ()

    @extend_schema(request=NewStepSerializer, responses={201: OnboardingStepSerializer})
    def create(self, request: Request) -> Response:
        """One more for customers to come."""
        made = steps.add_step(**self.told(NewStepSerializer))
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=StepChangesSerializer, responses=OnboardingStepSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named; checklists that run stay as they are."""
        told, step = self.told(StepChangesSerializer), self.get_object()
        with transaction.atomic():
            self._switch(step, told.pop("is_retired", None))
            position = told.pop("position", None)
            if told:
                steps.change_step(step, changes=told)
            if position is not None:
                steps.shift_step(step, to=position)
        return self.answer(self.get_object())

    def _switch(self, step: OnboardingStep, is_retired: Any) -> None:
        if is_retired is True:
            steps.retire_step(step, now=timezone.now())
        elif is_retired is False:
            steps.restore_step(step)
