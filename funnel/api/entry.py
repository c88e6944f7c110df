"""What would let a lead into a stage, over the API."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from funnel.actions.leaving import definition_of
from funnel.queries.entry import entry_check
from funnel.queries.subcategories import subcategory_of
from leadmgmt.workspaces.models import Scope
from leads.models import Lead, Stage


class EntryAskedSerializer(serializers.Serializer[Any]):
    """Which stage; the next one on the lead's way if none is named."""

    stage = serializers.ChoiceField(choices=Stage.choices, required=False)


class EntryAlternativeSerializer(serializers.Serializer[Any]):
    """One of several things of which any is enough."""

    sentence = serializers.CharField()
    is_met = serializers.BooleanField()


class EntryPartSerializer(EntryAlternativeSerializer):
    """One thing that is asked for; `by_people`: somebody has to do it."""

    by_people = serializers.BooleanField()
    parts = EntryAlternativeSerializer(many=True)


class EntrySerializer(serializers.Serializer[Any]):
    """What a stage asks of a lead, what is there and what is missing."""

    current = serializers.ChoiceField(choices=Stage.choices)
    subcategory = serializers.CharField(allow_null=True, help_text="Of the present stage.")
    stage = serializers.ChoiceField(choices=Stage.choices, allow_null=True)
    definition = serializers.UUIDField(allow_null=True)
    is_open = serializers.BooleanField(help_text="Everything is there.")
    is_by_rule = serializers.BooleanField(help_text="The lead enters by itself.")
    is_allowed = serializers.BooleanField(help_text="It may be moved there by hand from here.")
    parts = EntryPartSerializer(many=True)
    waits = serializers.ListField(
        child=serializers.CharField(), help_text="What keeps the rule from a lead that meets it."
    )


class LeadEntryView(APIView):
    """What would let this lead in."""

    scopes = {"read": Scope.LEADS_READ}

    @extend_schema(
        parameters=[OpenApiParameter("stage", enum=Stage.values, required=False)],
        responses=EntrySerializer,
        operation_id="lead_entry_retrieve",
    )
    def get(self, request: Request, id: UUID) -> Response:
        """The criteria of the next stage, part by part, and what people must do."""
        asked = EntryAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        lead = get_object_or_404(Lead.objects, pk=id)
        return Response(EntrySerializer(_told(lead, asked.validated_data.get("stage"))).data)


def _told(lead: Lead, stage: str | None) -> dict[str, Any]:
    now = timezone.now()
    entry = entry_check(lead, Stage(stage) if stage else None, now=now)
    subcategory = subcategory_of(lead, definition_of(lead.stage), now=now)
    told = {"current": lead.stage, "subcategory": subcategory and subcategory["name"]}
    if entry is None:
        nothing: dict[str, Any] = {"stage": None, "definition": None, "parts": [], "waits": []}
        return told | nothing | dict.fromkeys(("is_open", "is_by_rule", "is_allowed"), False)
    names = ("stage", "is_open", "is_by_rule", "is_allowed", "parts", "waits")
    definition = entry.definition and entry.definition.pk
    return told | {name: getattr(entry, name) for name in names} | {"definition": definition}
