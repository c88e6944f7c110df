"""Reading facts over the API; they are appended in batches (see `activities`)."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins, serializers
from rest_framework.viewsets import GenericViewSet

from leadmgmt.workspaces.models import Scope
from leads.api.reading import KeysetPagination, OfLead
from leads.models import Activity


class ActivitySerializer(serializers.ModelSerializer[Activity]):
    """Something that happened."""

    class Meta:
        model = Activity
        exclude = ("workspace",)


class LatestFacts(KeysetPagination):
    """The latest first."""

    order = ("-occurred_at", "-id")


class ActivityViewSet(mixins.ListModelMixin, GenericViewSet[Any]):
    """What happened, newest first; with `?lead=` the timeline of a lead."""

    scopes = {"read": Scope.LEADS_READ}
    queryset = Activity._base_manager.none()
    serializer_class = ActivitySerializer
    pagination_class = LatestFacts
    filter_backends = (OfLead,)

    def get_queryset(self) -> QuerySet[Any]:
        """Of this workspace."""
        rows: QuerySet[Any] = Activity.objects.all()
        return rows
