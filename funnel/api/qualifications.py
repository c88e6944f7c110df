"""Qualifications over the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import qualifying
from funnel.api.rows import OfWorkspace
from funnel.models import Outcome, Qualification
from leads.api.fields import by_member, one_of
from leads.api.reading import KeysetPagination
from leads.models import Lead


class QualificationSerializer(serializers.ModelSerializer[Qualification]):
    """What one conversation told about budget, authority, need and timing."""

    lead = one_of(Lead)
    outcome = serializers.ChoiceField(choices=Outcome.choices)

    class Meta:
        model = Qualification
        exclude = ("workspace",)
        read_only_fields = ("cycle", "by", "begun_at", "concluded_at")


class NewQualificationSerializer(QualificationSerializer):
    """A conclusion and the answers behind it."""

    by = by_member()


class LatestQualifications(KeysetPagination):
    """The latest first."""

    order = ("-begun_at", "-id")


class QualificationViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Qualifications: concluded ones and those being filled in."""

    queryset = Qualification._base_manager.none()
    serializer_class = QualificationSerializer
    pagination_class = LatestQualifications

    @extend_schema(request=NewQualificationSerializer, responses={201: QualificationSerializer})
    def create(self, request: Request) -> Response:
        """Conclude: positive → SQL, not now → nurturing, negative → disqualified."""
        answers: Any = self.told(NewQualificationSerializer)
        lead, by, outcome = (answers.pop(name) for name in ("lead", "by", "outcome"))
        told = qualifying.qualify_lead(
            lead, outcome=outcome, answers=answers, by=by, now=timezone.now()
        )
        return self.answer(told, status.HTTP_201_CREATED)
