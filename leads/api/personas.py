"""Personas over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.actions import personas as actions
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.models import Persona, Segment

TEXTS = ("whom", "job", "place", "why", "goals", "needs", "pains", "story")


class PersonaSerializer(serializers.ModelSerializer[Persona]):
    """A customer we look for; where a lead fits several, the smallest `position` counts."""

    segment = serializers.UUIDField(source="segment_id", allow_null=True)
    reasons = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Persona
        fields = (
            *("id", "name", *TEXTS, "reasons", "segment", "position"),
            *("created_at", "changed_at", "retired_at"),
        )


def _text(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, required=False, allow_blank=True)


class PersonaWordsSerializer(StrictFields):
    """The sheet; `condition` makes a live segment of the persona's name instead of `segment`."""

    name = serializers.CharField(max_length=120)
    whom = _text(2_000)
    job = _text(2_000)
    place = _text(2_000)
    why = _text(2_000)
    goals = _text(2_000)
    needs = _text(2_000)
    pains = _text(2_000)
    story = _text(5_000)
    reasons = serializers.ListField(
        child=serializers.CharField(max_length=actions.LONGEST_REASON),
        min_length=actions.FEWEST_REASONS,
        max_length=actions.MOST_REASONS,
    )
    segment = serializers.UUIDField(required=False, allow_null=True)
    condition = serializers.DictField(required=False)


class PersonaViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Target customers: whom we sell to, why they buy, and the segment that recognises them."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    queryset = Persona._base_manager.none()
    serializer_class = PersonaSerializer
    pagination_class = KeysetPagination
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """The personas of the workspace, retired ones too."""
        rows: QuerySet[Any] = Persona.objects.all()
        return rows

    @extend_schema(request=PersonaWordsSerializer, responses={201: PersonaSerializer})
    def create(self, request: Request) -> Response:
        """Write a new sheet."""
        return self._save(Persona(), request, status.HTTP_201_CREATED)

    @extend_schema(request=PersonaWordsSerializer, responses=PersonaSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named and nothing else."""
        return self._save(self.get_object(), request, status.HTTP_200_OK)

    @extend_schema(request=None, responses=PersonaSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: UUID) -> Response:
        """Match no lead with it any more."""
        actions.retire_persona(self.get_object(), now=timezone.now())
        return Response(PersonaSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=PersonaSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: UUID) -> Response:
        """Match leads with it again, behind all others."""
        actions.restore_persona(self.get_object())
        return Response(PersonaSerializer(self.get_object()).data)

    def _save(self, persona: Persona, request: Request, code: int) -> Response:
        form = PersonaWordsSerializer(data=request.data, partial=not persona._state.adding)
        form.is_valid(raise_exception=True)
        sent = dict(form.validated_data)
        chosen = sent.pop("segment", persona.segment_id)
        saved = actions.save_persona(
            persona,
            condition=sent.pop("condition", None),
            segment=get_object_or_404(Segment, pk=chosen) if chosen else None,
            facts={name: getattr(persona, name) for name in ("name", *TEXTS, "reasons")} | sent,
            by=None,
            now=timezone.now(),
        )
        return Response(PersonaSerializer(self.get_queryset().get(pk=saved.pk)).data, status=code)
