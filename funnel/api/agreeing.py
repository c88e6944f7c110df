"""What versions share over the API: approving, taking back, publishing, discarding."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import agreeing
from funnel.api.rows import OfWorkspace
from funnel.models import AgreedVersion, Side
from leadmgmt.workspaces.api import member_behind
from leads.api.fields import by_member
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination

SIGNED = (
    "id",
    "version",
    "revision",
    "state",
    "reason",
    "proposed_by",
    "created_at",
    "marketing_by",
    "marketing_at",
    "sales_by",
    "sales_at",
    "waits_for",
    "published_by",
    "published_at",
    "retired_at",
)
"""What stands on every version, beside what it says."""


class ApprovalSerializer(StrictFields):
    """One side approves; `by`: the member who made the key, `revision`: the one they read."""

    side = serializers.ChoiceField(choices=Side.choices)
    revision = serializers.IntegerField(required=False, min_value=1)
    by = by_member()


class WithdrawalSerializer(StrictFields):
    """One side takes its approval back; `by`: the member who made the key."""

    side = serializers.ChoiceField(choices=Side.choices)
    by = by_member()


class PublicationSerializer(StrictFields):
    """Let a version bind; `is_applied` (of MQLs): also for everybody who meets it already."""

    is_applied = serializers.BooleanField(default=False)
    by = by_member()


class DifferenceSerializer(serializers.Serializer[Any]):
    """One thing a version changed; empty where there was or is none."""

    what = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class WaitsForField(serializers.ListField):
    """The sides that have not approved yet."""

    child = serializers.ChoiceField(choices=Side.choices)


class Agreed(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """Versions both teams agree to."""

    pagination_class = KeysetPagination

    def publish_version(self, version: Any, told: dict[str, Any]) -> None:
        """Let it bind."""
        raise NotImplementedError

    def changes_of(self, version: Any) -> list[Any]:
        """What it changed against the version before it."""
        raise NotImplementedError

    @extend_schema(request=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: Any) -> Response:
        """Approve a proposal for marketing or for sales; nobody for both while others could.

        A key approves only as the member who made it, whether `by` is left out or names them:
        two sides are two people, each with a key of their own, or on the page.
        """
        version, told = self.get_object(), self._in_person(ApprovalSerializer)
        agreeing.approve_version(version, **told, now=timezone.now())
        return self._anew(version)

    @extend_schema(request=WithdrawalSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: Any) -> Response:
        """Take an approval back, as the member who made the key."""
        version, told = self.get_object(), self._in_person(WithdrawalSerializer)
        agreeing.withdraw_approval(version, **told)
        return self._anew(version)

    @extend_schema(request=PublicationSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: Any) -> Response:
        """Let a proposal that both sides approved bind from now on."""
        version = self.get_object()
        self.publish_version(version, self.told(PublicationSerializer))
        return self._anew(version)

    @extend_schema(responses=DifferenceSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=())
    def changes(self, request: Request, pk: Any) -> Response:
        """What the version changed against the one before it, in words."""
        changes = self.changes_of(self.get_object())
        return Response(DifferenceSerializer(changes, many=True).data)

    def destroy(self, request: Request, pk: Any) -> Response:
        """Discard a proposal; versions that have bound stay for ever."""
        agreeing.discard_version(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _in_person(self, serializer: type[StrictFields]) -> dict[str, Any]:
        """What is told, by the member behind the key and by nobody else."""
        told = self.told(serializer)
        return told | {"by": agreeing.in_person(told["by"], member_behind(self.request))}

    def _anew(self, version: AgreedVersion) -> Response:
        rows: QuerySet[Any] = self.get_queryset()
        return self.answer(rows.get(pk=version.pk))
