"""Qualifications over the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import qualifying
from funnel.api.rows import OfWorkspace
from funnel.models import Answer, Outcome, Qualification
from leads.api.fields import by_member, one_of
from leads.api.reading import KeysetPagination
from leads.models import Lead


class AnswerSerializer(serializers.Serializer[Any]):
    """One answer: yes, partly, no or unknown; what they said; who said it, and on which day."""

    answer = serializers.ChoiceField(choices=Answer.choices, required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)
    when = serializers.CharField(required=False, allow_blank=True, max_length=80)
    by = serializers.CharField(required=False, allow_blank=True, max_length=200)
    on = serializers.DateField(required=False)

    def to_internal_value(self, data: Any) -> Any:
        """As it is kept: the day in ISO."""
        told = super().to_internal_value(data)
        return told | ({"on": told["on"].isoformat()} if "on" in told else {})


class QualificationSerializer(serializers.ModelSerializer[Qualification]):
    """What conversations told; `answers` by the keys of the playbook's questions."""

    lead = one_of(Lead)
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    answers = serializers.DictField(child=AnswerSerializer(), required=False)
    worth = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10**15)

    class Meta:
        model = Qualification
        exclude = ("workspace",)
        read_only_fields = (
            "playbook",
            "in_favour",
            "cycle",
            "by",
            "begun_at",
            "saved_at",
            "concluded_at",
        )


class NewQualificationSerializer(QualificationSerializer):
    """A conclusion and the answers behind it."""

    by = by_member()


class ProgressSerializer(NewQualificationSerializer):
    """What is known so far."""

    outcome = None  # type: ignore[assignment]  # nothing is concluded

    class Meta(NewQualificationSerializer.Meta):
        exclude = ("workspace", "outcome")  # type: ignore[assignment]


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
        told: Any = self.told(NewQualificationSerializer)
        lead, by, outcome = (told.pop(name) for name in ("lead", "by", "outcome"))
        kept = qualifying.qualify_lead(lead, outcome=outcome, told=told, by=by, now=timezone.now())
        return self.answer(kept, status.HTTP_201_CREATED)

    @extend_schema(request=ProgressSerializer, responses=QualificationSerializer)
    @action(detail=False, methods=["post"])
    def progress(self, request: Request) -> Response:
        """Keep what is known so far; what is left out stays as it is."""
        told: Any = self.told(ProgressSerializer)
        lead, by = (told.pop(name) for name in ("lead", "by"))
        return self.answer(qualifying.save_qualification(lead, told, by=by, now=timezone.now()))
