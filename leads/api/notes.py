"""Notes over the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from leads.actions.notes import LONGEST_NOTE, log_note
from leads.api.fields import OfWorkspace, by_member, one_of
from leads.api.leads import StrictFields
from leads.api.timelines import LatestFacts
from leads.kinds import Kind
from leads.models import Activity, Lead


class NoteSerializer(serializers.ModelSerializer[Activity]):
    """What somebody wrote down about a lead, and whom it names."""

    text = serializers.CharField(source="properties.text", default="")
    mentions = serializers.ListField(
        child=serializers.CharField(), source="properties.mentions", default=list
    )

    class Meta:
        model = Activity
        fields = ("id", "lead", "text", "mentions", "by", "occurred_at")


class NewNoteSerializer(StrictFields):
    """A note; members named as `@Name` are told."""

    lead = one_of(Lead)
    text = serializers.CharField(max_length=LONGEST_NOTE)
    by = by_member()


class NoteViewSet(mixins.ListModelMixin, OfWorkspace):
    """Notes on timelines, the latest first; with `?lead=` those on a lead."""

    queryset = Activity._base_manager.none()
    serializer_class = NoteSerializer
    pagination_class = LatestFacts

    def get_queryset(self) -> QuerySet[Any]:
        """Facts that are notes."""
        return super().get_queryset().filter(kind=Kind.NOTE)

    @extend_schema(request=NewNoteSerializer, responses={201: NewNoteSerializer})
    def create(self, request: Request) -> Response:
        """Put a note on the timeline of a lead."""
        told = self.told(NewNoteSerializer)
        lead = told.pop("lead")
        log_note(lead, **told, now=timezone.now())
        answer = {"lead": str(lead.pk), "text": told["text"].strip()}
        return Response(answer, status=status.HTTP_201_CREATED)
