"""What external closers see of a lead, over the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from funnel.api.deals import LatestChanges
from funnel.closing.handing import set_sight, sight
from funnel.models import Sight, SightChange
from leadmgmt.workspaces.models import Scope
from leads.api.fields import by_member
from leads.api.leads import StrictFields
from leads.api.reading import StrictJSONParser

SCOPES = {"read": Scope.LEADS_READ, "write": Scope.ROUTING_WRITE}


class SightSerializer(StrictFields):
    """All fields of a lead that closers see; what is left out they do not see."""

    shown = serializers.ListField(
        child=serializers.ChoiceField(choices=Sight.choices), max_length=len(Sight)
    )


class NewSightSerializer(SightSerializer):
    """What closers shall see, and who says so."""

    by = by_member()


class SightChangeSerializer(serializers.ModelSerializer[SightChange]):
    """What closers saw before and after; nobody in `by` is a program."""

    class Meta:
        model = SightChange
        fields = ("id", "old", "new", "by", "changed_at")


class ClosingSightView(APIView):
    """Which fields of the leads they were handed closers see."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(responses=SightSerializer, operation_id="closing_sight_retrieve")
    def get(self, request: Request) -> Response:
        """Return them, in the order of the page."""
        return _told()

    @extend_schema(
        request=NewSightSerializer,
        responses=SightSerializer,
        operation_id="closing_sight_set",
    )
    def put(self, request: Request) -> Response:
        """Make these all that closers see; it counts at once."""
        form = NewSightSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        told: dict[str, Any] = dict(form.validated_data)
        set_sight(told["shown"], by=told["by"], now=timezone.now())
        return _told()


class SightHistoryView(ListAPIView[SightChange]):
    """What closers saw before, the latest change first."""

    scopes = SCOPES
    queryset = SightChange._base_manager.none()
    serializer_class = SightChangeSerializer
    pagination_class = LatestChanges
    filter_backends = ()

    def get_queryset(self) -> Any:
        """Of this workspace."""
        return SightChange.objects.all()


def _told() -> Response:
    told: Any = {"shown": sight()}
    return Response(SightSerializer(told).data)
