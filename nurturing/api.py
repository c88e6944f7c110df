"""Sequences over the API: which there are, and enrolling a lead. Mounted below `/api/v1/`."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from funnel.api.rows import OfWorkspace
from leadmgmt.workspaces.models import Scope
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.models import Lead
from nurturing.actions.enrolling import enrol_lead
from nurturing.models import Enrolment, EnrolmentState, Message, Sequence
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


class EnrolmentRowSerializer(serializers.ModelSerializer[Enrolment]):
    """One lead's way through a sequence, how far it has come and how it ended."""

    class Meta:
        model = Enrolment
        exclude = ("workspace",)


class MessageSerializer(serializers.ModelSerializer[Message]):
    """One email of a sequence to one lead, and what became of it."""

    class Meta:
        model = Message
        exclude = ("workspace", "step_key")


class SequencesSerializer(serializers.Serializer[Any]):
    """All of them in one page: they are few."""

    results = SequenceSerializer(many=True)


class SequenceViewSet(GenericViewSet[Any]):
    """Sequences; they are written and published in the browser."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.SEQUENCES_WRITE}
    serializer_class = SequenceSerializer
    queryset = Sequence._base_manager.none()
    pagination_class = None
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    @extend_schema(responses=SequencesSerializer)
    def list(self, request: Request) -> Response:
        """All sequences, running ones first."""
        return Response(SequencesSerializer({"results": sequence_rows()}).data)

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


class LatestEnrolments(KeysetPagination):
    """The latest first."""

    order = ("-enrolled_at", "-id")


class LatestMessages(KeysetPagination):
    """The latest first."""

    order = ("-planned_at", "-id")


class EnrolmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Enrolments in all sequences; a lead is enrolled through its sequence."""

    scopes = {"read": Scope.LEADS_READ}
    queryset = Enrolment._base_manager.none()
    serializer_class = EnrolmentRowSerializer
    pagination_class = LatestEnrolments


class MessageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Emails of sequences: planned, sent, opened, clicked."""

    scopes = {"read": Scope.LEADS_READ}
    queryset = Message._base_manager.none()
    serializer_class = MessageSerializer
    pagination_class = LatestMessages


router = SimpleRouter(use_regex_path=False)
router.register("sequences", SequenceViewSet, basename="sequence")
router.register("enrolments", EnrolmentViewSet, basename="enrolment")
router.register("messages", MessageViewSet, basename="message")

urlpatterns = [path("", include(router.urls))]
