"""Which period and whose leads a request asks about."""

from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from leadmgmt.workspaces.api import workspace_of
from reports.period import LONGEST
from reports.scope import Counting, Cycles, Scope, scope_of


class AskedSerializer(serializers.Serializer[Any]):
    """Which period, whose leads, and how people are counted."""

    days = serializers.IntegerField(
        required=False, min_value=1, max_value=LONGEST, help_text="Up to and including today."
    )
    source = serializers.CharField(required=False, max_length=100)  # type: ignore[assignment]
    campaign = serializers.UUIDField(required=False)
    counting = serializers.ChoiceField(
        required=False,
        choices=[each.value for each in Counting],
        help_text="What happened in the period, or its leads until today.",
    )
    cycles = serializers.ChoiceField(
        required=False,
        choices=[each.value for each in Cycles],
        help_text="Steps of every qualification cycle, of first ones, or of later ones: then only "
        "people are counted, and nothing that is not of a cycle.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is no name Python lets us write."""
        ends = {name: serializers.DateField(required=False) for name in ("from", "to")}
        return {**ends, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Two days in their order, not too far apart."""
        first, last = attrs.get("from"), attrs.get("to")
        if (first is None) != (last is None):
            raise serializers.ValidationError({"to": _("Give both “from” and “to”, or “days”.")})
        if first and last and not 0 <= (last - first).days < LONGEST:
            sentence = _("A period has from 1 to %(most)d days.") % {"most": LONGEST}
            raise serializers.ValidationError({"to": sentence})
        return attrs


def asked_scope(request: Request) -> Scope:
    """The scope the query names; unlike a page's link, a wrong one is refused."""
    AskedSerializer(data=request.query_params).is_valid(raise_exception=True)
    zone = workspace_of(request).time_zone
    return scope_of(request.query_params.dict(), now=timezone.now(), zone=zone)


def query_of(scope: Scope) -> str:
    """The scope as it is written behind a question mark."""
    limits = {"source": scope.source, "campaign": scope.campaign_id}
    if scope.is_by_cycle:
        limits["cycles"] = scope.cycles.value
    asked = {"from": scope.period.first, "to": scope.period.last, "counting": scope.counting.value}
    return urlencode(asked | {name: value for name, value in limits.items() if value})
