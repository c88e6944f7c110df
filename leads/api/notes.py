"""Notes over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from leads.actions.notes import LONGEST_NOTE, correct_note, delete_note, log_note
from leads.api.fields import OfWorkspace, by_member, one_of
from leads.api.leads import StrictFields
from leads.api.timelines import LatestFacts
from leads.kinds import Kind
from leads.models import Activity, Company, Lead
from leads.queries.lists import people_of


class EarlierSerializer(serializers.Serializer[Any]):
    """What a note said before it was corrected or deleted."""

    text = serializers.CharField()
    until = serializers.DateTimeField()


class NoteSerializer(serializers.ModelSerializer[Activity]):
    """What somebody wrote down about a lead, and whom it names."""

    text = serializers.CharField(source="properties.text", default="")
    mentions = serializers.ListField(
        child=serializers.CharField(), source="properties.mentions", default=list
    )

    earlier = EarlierSerializer(many=True, source="properties.earlier", default=list)
    deleted_at = serializers.DateTimeField(source="properties.deleted_at", default=None)

    class Meta:
        model = Activity
        fields = ("id", "lead", "text", "mentions", "by", "occurred_at", "earlier", "deleted_at")


class NewNoteSerializer(StrictFields):
    """A note; members named as `@Name` are told."""

    lead = one_of(Lead)
    text = serializers.CharField(max_length=LONGEST_NOTE)
    by = by_member()


class NoteChangesSerializer(StrictFields):
    """Other words; `by` is the member who wrote the note, nobody for one of the API."""

    text = serializers.CharField(max_length=LONGEST_NOTE)
    by = by_member()


class NoteAuthorSerializer(StrictFields):
    """Whose note it is."""

    by = by_member()


class NoteViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Notes on timelines, the latest first; with `?lead=` those on a lead.

    Only who wrote a note changes it; over the API those it wrote itself, or with `by` those of
    that member. What a note said before stays with it.
    """

    queryset = Activity._base_manager.none()
    serializer_class = NoteSerializer
    pagination_class = LatestFacts

    def get_queryset(self) -> QuerySet[Any]:
        """Facts that are notes."""
        return super().get_queryset().filter(kind=Kind.NOTE, lead__isnull=False)

    @extend_schema(request=NewNoteSerializer, responses={201: NewNoteSerializer})
    def create(self, request: Request) -> Response:
        """Put a note on the timeline of a lead."""
        told = self.told(NewNoteSerializer)
        lead = told.pop("lead")
        log_note(lead, **told, now=timezone.now())
        answer = {"lead": str(lead.pk), "text": told["text"].strip()}
        return Response(answer, status=status.HTTP_201_CREATED)

    @extend_schema(request=NoteChangesSerializer, responses=NoteSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Correct it; colleagues named for the first time are told."""
        correct_note(self.get_object(), **self.told(NoteChangesSerializer), now=timezone.now())
        return self.answer(self.get_object())

    @extend_schema(
        parameters=[OpenApiParameter("by", UUID, description="The member who wrote it.")],
        responses={204: None},
    )
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Take its words off the timeline; that there was a note stays."""
        asked = NoteAuthorSerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        delete_note(self.get_object(), by=asked.validated_data["by"], now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class NotesOfCompany:
    """For the view of companies: what was noted about the people of one."""

    @extend_schema(responses=NoteSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=LatestFacts, filter_backends=[])
    def notes(self, request: Request, id: UUID) -> Response:
        """What was noted about its people, the latest first; write one with `POST notes/`."""
        people = people_of(get_object_or_404(Company.objects, pk=id)).order_by().values("id")
        rows = Activity.objects.filter(kind=Kind.NOTE, lead__in=people)
        page = self.paginate_queryset(rows)  # type: ignore[attr-defined]
        told = NoteSerializer(page, many=True).data
        return self.get_paginated_response(told)  # type: ignore[attr-defined]
