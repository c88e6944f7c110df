"""Playbooks over the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions.playbooks import NewPlaybook, publish_playbook
from funnel.api.rows import OfWorkspace
from funnel.models import DispositionKind, Playbook
from funnel.playbook import Demand, Question
from funnel.queries.playbooks import playbook_in_force, reasons_of
from leads.api.fields import by_member
from leads.api.reading import KeysetPagination


class PlaybookQuestionSerializer(serializers.Serializer[Any]):
    """One question; without a key it is new."""

    key = serializers.CharField(required=False, allow_blank=True, max_length=40, default="")
    label = serializers.CharField(max_length=120)  # type: ignore[assignment]  # a field, no caption
    hint = serializers.CharField(required=False, allow_blank=True, max_length=300, default="")
    in_favour = serializers.ChoiceField(choices=("yes", "no"), default="yes")
    demand = serializers.ChoiceField(
        choices=[each.value for each in Demand], allow_blank=True, default=""
    )
    is_dated = serializers.BooleanField(default=False)
    is_retired = serializers.BooleanField(default=False)


class PlaybookSerializer(serializers.ModelSerializer[Playbook]):
    """One version: `reasons` by kind, each with its key and its words."""

    questions = PlaybookQuestionSerializer(many=True)
    reasons = serializers.DictField(child=serializers.ListField(child=serializers.DictField()))

    class Meta:
        model = Playbook
        exclude = ("workspace",)


class NewPlaybookSerializer(serializers.Serializer[Any]):
    """What is to be in force; questions left out are retired. `reasons`: kind → words."""

    questions = PlaybookQuestionSerializer(many=True)
    reasons = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=100), max_length=50),
        required=False,
    )
    least_in_favour = serializers.IntegerField(min_value=0, max_value=100, default=0)
    needs_authorised = serializers.BooleanField(default=True)
    cool_off_days = serializers.IntegerField(min_value=0, max_value=9_999, default=30)
    reason = serializers.CharField(max_length=300)
    after = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    by = by_member()


class NewestPlaybooks(KeysetPagination):
    """The newest first."""

    order = ("-version", "-id")


class PlaybookViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """What is asked, by which rule, and for which reasons leads are sent back; in versions."""

    queryset = Playbook._base_manager.none()
    serializer_class = PlaybookSerializer
    pagination_class = NewestPlaybooks
    filter_backends: Any = ()

    @extend_schema(request=NewPlaybookSerializer, responses={201: PlaybookSerializer})
    def create(self, request: Request) -> Response:
        """Publish a version; 409 when there is one later than `after`."""
        told = self.told(NewPlaybookSerializer)
        rest = {name: told.pop(name) for name in ("reason", "after", "by") if name in told}
        told["questions"] = [Question(**each) for each in told["questions"]]
        told.setdefault("reasons", _reasons_now())
        made = publish_playbook(NewPlaybook(**told), now=timezone.now(), **rest)
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(responses=PlaybookSerializer)
    @action(detail=False)
    def current(self, request: Request) -> Response:
        """The version in force; version 0 is the usual one, which nobody has changed."""
        return self.answer(playbook_in_force())


def _reasons_now() -> dict[str, list[str]]:
    playbook = playbook_in_force()
    return {
        kind: [each.words for each in reasons_of(playbook, kind)] for kind in DispositionKind.values
    }
