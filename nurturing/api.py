"""Sequences over the API: which there are, and enrolling a lead. Mounted below `/api/v1/`."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.models import Lead
from nurturing.actions.enrolling import enrol_lead
from nurturing.models import Enrolment, EnrolmentState, Sequence
from nurturing.queries.sequences import sequence_rows


class SequenceSerializer(serializers.Serializer[Any]):
    """A sequence and what became of its messages."""

    id = serializers.UUIDField(source="sequence.id")
    name = serializers.CharField(source="sequence.name")
    trigger = serializers.CharField(source="sequence.trigger")
    trigger_stage = serializers.CharField(source="sequence.trigger_stage")
    trigger_form = serializers.UUIDField(source="sequence.trigger_form_id", allow_null=True)
    is_active = serializers.BooleanField(source="sequence.is_active")
    is_published = serializers.BooleanField()
    running = serializers.IntegerField(help_text="People on their way.")
    sent = serializers.IntegerField(source="figures.sent")
    opened = serializers.IntegerField(source="figures.opened")
    clicked = serializers.IntegerField(source="figures.clicked")
    unsubscribed = serializers.IntegerField(source="figures.unsubscribed")


class EnrolmentSerializer(serializers.Serializer[Any]):
    """One lead's way through a sequence."""

    id = serializers.UUIDField(read_only=True)
    lead = serializers.UUIDField(source="lead_id")
    sequence = serializers.UUIDField(source="sequence_id", read_only=True)
    state = serializers.CharField(read_only=True)
    enrolled_at = serializers.DateTimeField(read_only=True)


class SequenceViewSet(GenericViewSet[Any]):
    """Sequences; they are written and published in the browser."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    serializer_class = SequenceSerializer
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> Any:
        """The sequences of the workspace."""
        return Sequence.objects.all()

    @extend_schema(responses=SequenceSerializer(many=True))
    def list(self, request: Request) -> Response:
        """All sequences, running ones first."""
        return Response({"results": SequenceSerializer(sequence_rows(), many=True).data})

    @extend_schema(request=EnrolmentSerializer, responses={201: EnrolmentSerializer})
    @action(detail=True, methods=["post"])
    def enrolments(self, request: Request, pk: UUID) -> Response:
        """Enrol a lead by its id; refused if it cannot be written to or is in it already."""
        sequence = get_object_or_404(Sequence, pk=pk)
        given = EnrolmentSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        lead = get_object_or_404(Lead, pk=given.validated_data["lead_id"])
        enrol_lead(lead, sequence=sequence, by=None, now=timezone.now())
        enrolment = Enrolment.objects.get(
            sequence=sequence, lead=lead, state=EnrolmentState.RUNNING
        )
        return Response(EnrolmentSerializer(enrolment).data, status=201)


router = SimpleRouter(use_regex_path=False)
router.register("sequences", SequenceViewSet, basename="sequence")

urlpatterns = [path("", include(router.urls))]
