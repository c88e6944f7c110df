"""What sales said about MQLs over the API, and the MQLs behind each number."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from funnel.models import DispositionKind, StageMove
from funnel.queries.rejections import NOBODY, UNDECIDED, Asked, mqls_behind, verdicts
from leadmgmt.workspaces.models import Scope
from leads.api.reading import KeysetPagination

LONGEST_PERIOD = timedelta(days=3_660)
EARLIEST = 2000


class FeedbackPeriodSerializer(serializers.Serializer[Any]):
    """MQLs made in [since, until); without them those of the last 90 days."""

    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A period that begins before it ends, of ten years at most."""
        until = attrs.get("until") or timezone.now()
        usual = until - timedelta(days=90) if until.year > EARLIEST else until
        since = attrs.get("since") or usual
        if not timedelta(0) < until - since <= LONGEST_PERIOD:
            sentence = _("The period must begin before it ends, and last ten years at most.")
            raise serializers.ValidationError({"since": sentence})
        return {**attrs, "since": since, "until": until}


class VerdictSerializer(serializers.Serializer[Any]):
    """MQLs of one rule; `rule` is empty for those a person made."""

    rule = serializers.UUIDField(source="rule.pk", allow_null=True, default=None)
    name = serializers.CharField(source="rule", allow_null=True)
    made = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    recycled = serializers.IntegerField()
    undecided = serializers.IntegerField()
    accepted_share = serializers.FloatField(allow_null=True)
    rejected_share = serializers.FloatField(allow_null=True)
    reasons = serializers.DictField(child=serializers.IntegerField())


class FeedbackSerializer(serializers.Serializer[Any]):
    """The same MQLs by definition and by version of the score model."""

    made = serializers.IntegerField()
    by_definition = VerdictSerializer(many=True)
    by_score = VerdictSerializer(many=True)


class FeedbackView(APIView):
    """What sales said about MQLs, by the rule that made them."""

    scopes = {"read": Scope.LEADS_READ}

    @extend_schema(parameters=[FeedbackPeriodSerializer], responses=FeedbackSerializer)
    def get(self, request: Request) -> Response:
        """Made, accepted, rejected, recycled, undecided, and why."""
        asked = FeedbackPeriodSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(FeedbackSerializer(verdicts(**asked.validated_data)).data)


class MqlsAskedSerializer(FeedbackPeriodSerializer):
    """Which of the MQLs of the period; a rule by its id, or `none` for those no rule made."""

    definition = serializers.CharField(required=False, max_length=36)
    score = serializers.CharField(
        required=False, max_length=36, help_text="Version of the score model then in force."
    )
    kind = serializers.ChoiceField(required=False, choices=[*DispositionKind.values, UNDECIDED])
    reason = serializers.CharField(required=False, max_length=40)

    def validate_definition(self, text: str) -> UUID | str:
        """An id, or nothing."""
        return _rule(text)

    def validate_score(self, text: str) -> UUID | str:
        """An id, or nothing."""
        return _rule(text)


class MqlSerializer(serializers.ModelSerializer[StageMove]):
    """One MQL: a lead when it became one, and what sales said; null while nobody has."""

    made_at = serializers.DateTimeField(source="moved_at")
    score = serializers.UUIDField(source="score_id", allow_null=True)
    kind = serializers.CharField(source="said_kind", allow_null=True)
    reason = serializers.CharField(source="said_reason", allow_null=True)
    words = serializers.CharField(source="said_words", allow_null=True)
    decided_at = serializers.DateTimeField(source="said_decided_at", allow_null=True)

    class Meta:
        model = StageMove
        fields = (
            *("id", "lead", "made_at", "definition", "score"),
            *("kind", "reason", "words", "decided_at"),
        )


class FeedbackMqlsView(APIView):
    """The very MQLs a number of the feedback counts."""

    scopes = {"read": Scope.LEADS_READ}

    @extend_schema(parameters=[MqlsAskedSerializer], responses=MqlSerializer(many=True))
    def get(self, request: Request) -> Response:
        """A page of them, the newest first."""
        asked = MqlsAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        paginator = KeysetPagination()
        paginator.order = ("-moved_at", "-id")
        page = paginator.paginate_queryset(
            mqls_behind(Asked(**asked.validated_data)), request, self
        )
        return paginator.get_paginated_response(MqlSerializer(page, many=True).data)


def _rule(text: str) -> UUID | str:
    try:
        return text if text == NOBODY else UUID(text)
    except ValueError:
        sentence = _("“%(value)s” is neither an id nor “none”.") % {"value": text}
        raise serializers.ValidationError(sentence) from None
