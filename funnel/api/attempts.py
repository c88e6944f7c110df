"""Attempts over the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions import working
from funnel.actions.working import AttemptOutcome
from funnel.api.rows import SCOPES
from leads.api.fields import by_member, one_of
from leads.api.reading import StrictJSONParser
from leads.kinds import ATTEMPTS
from leads.models import Lead


class AttemptSerializer(serializers.Serializer[Any]):
    """Somebody tried to reach a lead."""

    lead = one_of(Lead)
    kind = serializers.ChoiceField(choices=[each.value for each in ATTEMPTS])
    outcome = serializers.ChoiceField(choices=AttemptOutcome.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=1_000)
    next_step = serializers.CharField(required=False, allow_blank=True, max_length=200)
    next_step_at = serializers.DateTimeField(required=False, allow_null=True)
    key = serializers.CharField(required=False, max_length=100)
    by = by_member()


class AttemptViewSet(viewsets.GenericViewSet[Any]):
    """Attempts to reach leads; they are read on the timeline, as activities."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)
    queryset = Lead._base_manager.none()
    serializer_class = AttemptSerializer

    def create(self, request: Request) -> Response:
        """Log a call, an email, a voice message or a meeting.

        The same `key` again is the same attempt; 409 when it has told of something else.
        """
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        told = dict(form.validated_data)
        working.log_attempt(told.pop("lead"), **told, now=timezone.now())
        return Response(form.data, status=status.HTTP_201_CREATED)
