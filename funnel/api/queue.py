"""The queue over the API."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import claiming, deciding, handing, snoozing
from funnel.api.rows import SCOPES
from funnel.models import Disposition
from funnel.queries.queue import QueueLine, page_held_by, pool_page
from leadmgmt.workspaces.models import Member
from leads.api.fields import PresentMemberField, by_member
from leads.api.reading import KeysetPagination, StrictJSONParser, limit_of, link_to
from leads.models import Lead


class QueueSerializer(serializers.Serializer[QueueLine]):
    """One lead of the queue, with the moment something is due."""

    lead = serializers.UUIDField(source="lead.pk")
    name = serializers.CharField(source="lead.name")
    stage = serializers.CharField(source="lead.stage")
    owner = serializers.UUIDField(source="lead.owner_id", allow_null=True)
    score = serializers.IntegerField(source="lead.score", allow_null=True)
    lead_class = serializers.CharField(source="lead.lead_class")
    value = serializers.IntegerField(help_text="What it may be worth, in minor units.")
    due_at = serializers.DateTimeField(allow_null=True)
    next_step = serializers.CharField(source="next_step.what", allow_null=True, default=None)
    snoozed_until = serializers.DateTimeField(allow_null=True)


class ClaimSerializer(serializers.Serializer[Any]):
    """Who claims, or hands back."""

    member = PresentMemberField()


class ClaimedSerializer(serializers.Serializer[Any]):
    """The lead that was claimed; null when there was none for the member."""

    lead = serializers.UUIDField(allow_null=True)


class HandOverSerializer(serializers.Serializer[Any]):
    """To whom, by whom, with which word."""

    to = PresentMemberField()
    word = serializers.CharField(required=False, allow_blank=True, max_length=200)
    by = by_member()


class SnoozeSerializer(serializers.Serializer[Any]):
    """Until when, and why."""

    until = serializers.DateTimeField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    by = by_member()


class BySerializer(serializers.Serializer[Any]):
    """Who does it."""

    by = by_member()


class AcceptSerializer(serializers.Serializer[Any]):
    """Why the lead is a good one: a key of the playbook's reasons."""

    reason = serializers.CharField(max_length=40)
    words = serializers.CharField(required=False, allow_blank=True, max_length=300)
    by = by_member()


class RejectSerializer(AcceptSerializer):
    """Why it is a wrong one: a key, and words for marketing."""

    words = serializers.CharField(max_length=300)


class RecycleSerializer(AcceptSerializer):
    """Why not now, and when it comes back."""

    return_on = serializers.DateField()


class DispositionSerializer(serializers.ModelSerializer[Disposition]):
    """What sales said about an MQL, and what had made it."""

    class Meta:
        model = Disposition
        exclude = ("workspace",)
        read_only_fields = ("lead", "kind", "reason", "made_at", "decided_at")


class QueueViewSet(viewsets.GenericViewSet[Any]):
    """MQLs and SQLs in the published order, and what a rep does with them."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)
    queryset = Lead._base_manager.none()
    serializer_class = QueueSerializer
    pagination_class = KeysetPagination
    lookup_value_converter = "uuid"

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "owner",
                {"type": "string", "format": "uuid"},
                description="What this member has in hands; without it the pool.",
            )
        ]
    )
    def list(self, request: Request) -> Response:
        """The pool, or what one member has, most urgent first."""
        asked, size = request.query_params, limit_of(request)
        owner = asked.get("owner")
        page = pool_page(asked, size=size)
        if owner is not None:
            page = page_held_by(self._holder(owner), asked, size=size)
        links = {
            "next": link_to(request, "after", page.next),
            "previous": link_to(request, "before", page.previous),
        }
        return Response({**links, "results": self.get_serializer(page.rows, many=True).data})

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
        return _done()

    @extend_schema(request=HandOverSerializer, responses={204: None})
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: UUID) -> Response:
        """Give the lead to a colleague, who gets a notice."""
        handing.hand_over(self._lead(pk), **self._told(HandOverSerializer), now=timezone.now())
        return _done()

    @extend_schema(request=SnoozeSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: UUID) -> Response:
        """Put the lead aside; it comes back by itself."""
        snoozing.snooze_lead(self._lead(pk), **self._told(SnoozeSerializer), now=timezone.now())
        return _done()

    @extend_schema(request=BySerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def wake(self, request: Request, pk: UUID) -> Response:
        """Take the lead up again before its time."""
        snoozing.wake_lead(self._lead(pk), **self._told(BySerializer), now=timezone.now())
        return _done()

    @extend_schema(request=AcceptSerializer, responses=DispositionSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: UUID) -> Response:
        """Say that the MQL is a good one."""
        lead = self._lead(pk)
        told = self._told(AcceptSerializer)
        return self._said(deciding.accept_mql(lead, **told, now=timezone.now()))

    @extend_schema(request=RejectSerializer, responses=DispositionSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: UUID) -> Response:
        """A wrong lead goes back to marketing."""
        lead = self._lead(pk)
        told = self._told(RejectSerializer)
        return self._said(deciding.reject_mql(lead, **told, now=timezone.now()))

    @extend_schema(request=RecycleSerializer, responses=DispositionSerializer)
    @action(detail=True, methods=["post"])
    def recycle(self, request: Request, pk: UUID) -> Response:
        """Not now: the lead is nurtured until a day."""
        lead = self._lead(pk)
        told = self._told(RecycleSerializer)
        return self._said(deciding.recycle_mql(lead, **told, now=timezone.now()))

    def _said(self, disposition: Disposition) -> Response:
        return Response(DispositionSerializer(disposition).data)

    def _told(self, serializer: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        form = serializer(data=self.request.data)
        form.is_valid(raise_exception=True)
        return dict(form.validated_data)

    def _member(self) -> Member:
        member: Member = self._told(ClaimSerializer)["member"]
        return member

    def _holder(self, text: str) -> Member:
        try:
            member: Member = PresentMemberField().run_validation(text)
        except serializers.ValidationError as wrong:
            raise serializers.ValidationError({"owner": wrong.detail}) from wrong
        return member

    def _lead(self, lead_id: UUID) -> Lead:
        lead: Lead = get_object_or_404(Lead.objects.select_related("owner"), pk=lead_id)
        return lead


def _done() -> Response:
    return Response(status=status.HTTP_204_NO_CONTENT)
