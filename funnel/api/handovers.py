"""Handovers to external closers over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.closing.handing import hand_to_closer, take_back
from funnel.models import Handover
from leadmgmt.workspaces.models import Member, Scope
from leads.api.fields import OfWorkspace, PresentMemberField, by_member, one_of
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.models import Lead


class HandoverSerializer(serializers.ModelSerializer[Handover]):
    """A lead in a closer's hands, or what came of it; `saw`: the fields the closer was shown."""

    class Meta:
        model = Handover
        fields = (
            *("id", "lead", "closer", "what", "until_at", "handed_by", "handed_at"),
            *("outcome", "note", "ended_at", "ended_by"),
            *("opened_first_at", "opened_last_at", "opened_times", "saw"),
        )


class CloserField(PresentMemberField):
    """Names a member of the role closer."""

    def get_queryset(self) -> QuerySet[Member]:
        """All who are here: who is no closer is refused in words."""
        return Member.objects.present()


class NewHandoverSerializer(StrictFields):
    """To whom, what to do, until when."""

    lead = one_of(Lead)
    closer = CloserField()
    what = serializers.CharField(max_length=500)
    until = serializers.DateTimeField()
    by = by_member()


class NewestHandover(KeysetPagination):
    """The latest first."""

    order = ("-handed_at", "-id")


class HandoverViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Leads that external closers have or had; with `?lead=` those of a lead."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.ROUTING_WRITE}
    queryset = Handover._base_manager.none()
    serializer_class = HandoverSerializer
    pagination_class = NewestHandover

    @extend_schema(request=NewHandoverSerializer, responses={201: HandoverSerializer})
    def create(self, request: Request) -> Response:
        """Hand a lead to a closer; again while they have it, it stays the same handover."""
        told: dict[str, Any] = self.told(NewHandoverSerializer)
        lead, closer = told.pop("lead"), told["closer"]
        hand_to_closer([lead.pk], now=timezone.now(), **told)
        held = self.get_queryset().get(lead=lead, closer=closer, ended_at=None)
        return self.answer(held, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=HandoverSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: UUID) -> Response:
        """The closer sees the lead no more."""
        take_back(self.get_object(), by=None, now=timezone.now())
        return self.answer(self.get_object())
