"""Campaigns over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.actions.campaigns import save_campaign
from leads.api.reading import KeysetPagination, StrictJSONParser
from leads.models import Campaign

FACTS = ("name", "key", "channel", "starts_on", "ends_on")


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """A planned effort; its `key` is what stands in utm_campaign, made of the name if left out."""

    class Meta:
        model = Campaign
        fields = ("id", *FACTS, "created_at")
        read_only_fields = ("created_at",)
        extra_kwargs = {"key": {"required": False, "allow_blank": True}}


class CampaignViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Campaigns: planned here, matched to visits by their key."""

    scopes = {"read": Scope.LEADS_READ, "write": Scope.LEADS_WRITE}
    queryset = Campaign._base_manager.none()
    serializer_class = CampaignSerializer
    pagination_class = KeysetPagination
    parser_classes = (StrictJSONParser,)
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Any]:
        """The campaigns of the workspace."""
        rows: QuerySet[Any] = Campaign.objects.all()
        return rows

    def create(self, request: Request) -> Response:
        """Plan a campaign."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        standard = {"channel": Campaign().channel}
        return self._save(Campaign(), standard | form.validated_data, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named and nothing else."""
        campaign = self.get_object()
        form = self.get_serializer(campaign, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        known = {name: getattr(campaign, name) for name in FACTS}
        return self._save(campaign, known | form.validated_data, status.HTTP_200_OK)

    def _save(self, campaign: Campaign, facts: dict[str, Any], code: int) -> Response:
        saved = save_campaign(campaign, facts=facts)
        found = self.get_queryset().get(pk=saved.pk)
        return Response(self.get_serializer(found).data, status=code)
