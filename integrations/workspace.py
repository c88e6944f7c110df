"""The workspace behind a key, and its members. Mounted below `/api/v1/`."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from integrations.teams import WithHours
from leadmgmt.workspaces.api import workspace_of
from leadmgmt.workspaces.models import Member, Role, Scope, Workspace
from leads.api.reading import KeysetPagination

SCOPES = {"read": Scope.LEADS_READ}


class WorkspaceSerializer(serializers.ModelSerializer[Workspace]):
    """The firm; money is in cents of its currency, days are days of its time zone."""

    class Meta:
        model = Workspace
        fields = ("id", "name", "slug", "time_zone", "currency", "site_key")
        read_only_fields = fields


class MemberSerializer(serializers.ModelSerializer[Member]):
    """Somebody who works here."""

    role = serializers.ChoiceField(choices=Role.choices)

    class Meta:
        model = Member
        fields = ("id", "name", "role", "joined_at")
        read_only_fields = fields


class WorkspaceView(generics.GenericAPIView[Workspace]):
    """The workspace of the key."""

    scopes = SCOPES
    serializer_class = WorkspaceSerializer
    pagination_class = None

    @extend_schema(operation_id="workspace_retrieve")
    def get(self, request: Request) -> Response:
        """Its name, currency, time zone, and the key of its tracking script."""
        return Response(WorkspaceSerializer(workspace_of(request)).data)


class FirstCome(KeysetPagination):
    """The longest here first."""

    order = ("joined_at", "id")


class MemberViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, WithHours):
    """Members who have not left; other requests name them by their id."""

    queryset = Member._base_manager.none()
    serializer_class = MemberSerializer
    pagination_class = FirstCome
    filter_backends = ()

    def get_queryset(self) -> Any:
        """Of this workspace."""
        return Member.objects.present()


router = SimpleRouter(use_regex_path=False)
router.register("members", MemberViewSet, basename="member")

urlpatterns: list[URLPattern | URLResolver] = [
    path("workspace/", WorkspaceView.as_view(), name="workspace"),
    path("", include(router.urls)),
]
