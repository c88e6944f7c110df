"""The queue over the API."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import claiming
from funnel.api.rows import SCOPES
from funnel.queries.queue import QueueEntry, pool
from leadmgmt.workspaces.models import Member
from leads.api.fields import PresentMemberField
from leads.api.reading import StrictJSONParser
from leads.models import Lead


class QueueSerializer(serializers.Serializer[QueueEntry]):
    """One lead of the queue, with the moment something is due."""

    lead = serializers.UUIDField(source="lead.pk")
    name = serializers.CharField(source="lead.name")
    stage = serializers.CharField(source="lead.stage")
    owner = serializers.UUIDField(source="lead.owner_id", allow_null=True)
    score = serializers.IntegerField(source="lead.score", allow_null=True)
    lead_class = serializers.CharField(source="lead.lead_class")
    due_at = serializers.DateTimeField(allow_null=True)


class PoolSerializer(serializers.Serializer[Any]):
    """Whom to call, in this order."""

    results = QueueSerializer(many=True)


class ClaimSerializer(serializers.Serializer[Any]):
    """Who claims, or hands back."""

    member = PresentMemberField()


class ClaimedSerializer(serializers.Serializer[Any]):
    """The lead that was claimed; null when the pool was empty."""

    lead = serializers.UUIDField(allow_null=True)


class QueueViewSet(viewsets.GenericViewSet[Any]):
    """MQLs that nobody has claimed, most urgent first, and claiming them."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)
    queryset = Lead._base_manager.none()
    serializer_class = QueueSerializer
    pagination_class = None
    lookup_value_converter = "uuid"

    @extend_schema(responses=PoolSerializer)
    def list(self, request: Request) -> Response:
        """The pool in one page: of more than 500 the longest waiting."""
        waiting: Any = pool(now=timezone.now())
        return Response(PoolSerializer({"results": waiting}).data)

    @extend_schema(request=ClaimSerializer, responses=ClaimedSerializer)
    @action(detail=False, methods=["post"])
    def next(self, request: Request) -> Response:
        """Claim the most urgent lead for a member; no two get the same one."""
        lead_id = claiming.claim_next(by=self._member(), now=timezone.now())
        return Response(ClaimedSerializer({"lead": lead_id}).data)

    @extend_schema(request=ClaimSerializer, responses=ClaimedSerializer)
    @action(detail=True, methods=["post"])
    def claim(self, request: Request, pk: UUID) -> Response:
        """Claim this lead for a member; 409 names who was quicker."""
        lead = self._lead(pk)
        claiming.claim_lead(lead, by=self._member(), now=timezone.now())
        return Response(ClaimedSerializer({"lead": lead.pk}).data)

    @extend_schema(request=ClaimSerializer, responses={204: None})
    @action(detail=True, methods=["post"], url_path="hand-back")
    def hand_back(self, request: Request, pk: UUID) -> Response:
        """Put the lead back into the pool."""
        claiming.hand_back(self._lead(pk), by=self._member(), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _member(self) -> Member:
        form = ClaimSerializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        member: Member = form.validated_data["member"]
        return member

    def _lead(self, lead_id: UUID) -> Lead:
        lead: Lead = get_object_or_404(Lead.objects.select_related("owner"), pk=lead_id)
        return lead
