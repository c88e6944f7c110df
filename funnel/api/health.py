"""Health rules over the API: those in force, the draft, its preview, publishing."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from funnel.api.rows import SCOPES
from funnel.health.drafting import (
    LONGEST_NAME,
    MOST_RULES,
    HealthWords,
    discard_draft,
    replace_rules,
    start_draft,
)
from funnel.health.publishing import publish_health
from funnel.health.switching import switch_health_off
from funnel.health.telling import preview_of, told_rules
from funnel.models import Health, HealthPlan, Whose
from leadmgmt.workspaces.actions.versions import LONGEST_REASON
from leads.api.fields import by_member
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination, StrictJSONParser


class HealthRuleSerializer(StrictFields):
    """Customers `any` or `none` of whose people meet `condition` fare so; `name` is the reason."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    whose = serializers.ChoiceField(choices=Whose.choices, default=Whose.ANY)
    condition = serializers.DictField()
    level = serializers.ChoiceField(choices=Health.choices)


class HealthDraftSerializer(StrictFields):
    """All rules of the next version, in their order."""

    rules = serializers.ListField(child=HealthRuleSerializer(), max_length=MOST_RULES)


class PublishHealthSerializer(StrictFields):
    """Why the rules change."""

    reason = serializers.CharField(max_length=LONGEST_REASON)
    by = by_member()


class HealthOffSerializer(StrictFields):
    """Why nobody is to be judged any more."""

    reason = serializers.CharField(max_length=LONGEST_REASON)
    by = by_member()


class HealthRuleReadSerializer(serializers.Serializer[Any]):
    """A rule; `when` is its condition in plain words, `customers` for how many it speaks now."""

    id = serializers.UUIDField(source="rule.pk")
    number = serializers.IntegerField(source="rule.number")
    name = serializers.CharField(source="rule.name")
    whose = serializers.ChoiceField(choices=Whose.choices, source="rule.whose")
    condition = serializers.DictField(source="rule.condition")
    when = serializers.CharField()
    level = serializers.ChoiceField(choices=Health.choices, source="rule.level")
    segment = serializers.UUIDField(source="rule.segment_id", allow_null=True)
    customers = serializers.IntegerField()


class HealthPlanSerializer(serializers.ModelSerializer[HealthPlan]):
    """A version of the rules; a draft has no number. `off_reason`: why it was switched off."""

    class Meta:
        model = HealthPlan
        fields = (
            *("id", "number", "state", "reason", "made_by", "made_at"),
            *("published_by", "published_at", "retired_at", "retired_by", "off_reason"),
        )


class HealthPlanWithRulesSerializer(serializers.Serializer[Any]):
    """A version with its rules, as they are asked."""

    plan = HealthPlanSerializer()
    rules = HealthRuleReadSerializer(many=True)


class LevelSerializer(serializers.Serializer[Any]):
    """How many customers fare so now, and how many would."""

    level = serializers.CharField()
    now = serializers.IntegerField()
    would = serializers.IntegerField()


class MoverSerializer(serializers.Serializer[Any]):
    """A customer that would fare otherwise."""

    customer = serializers.UUIDField(source="customer.pk")
    was = serializers.CharField()
    would = serializers.CharField()
    why = serializers.CharField()


class HealthPreviewSerializer(serializers.Serializer[Any]):
    """What the draft makes of today's customers; of the `movers` at most 25, the worst first."""

    total = serializers.IntegerField()
    levels = LevelSerializer(many=True)
    moving = serializers.IntegerField()
    movers = MoverSerializer(many=True)


class HealthRulesView(APIView):
    """The rules in force."""

    scopes = SCOPES

    @extend_schema(responses=HealthPlanWithRulesSerializer, operation_id="health_rules_retrieve")
    def get(self, request: Request) -> Response:
        """Return them; 404 while there are none."""
        found = HealthPlan.objects.published().first()
        if found is None:
            raise NotFound(_("No health rules are published."))
        return _told(found)


class HealthOffView(APIView):
    """Switching the rules off."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(
        request=HealthOffSerializer,
        responses=HealthPlanSerializer,
        operation_id="health_rules_switch_off",
    )
    def post(self, request: Request) -> Response:
        """Retire them; a worker takes the health off every customer. 409 while they are off."""
        sent = _sent(HealthOffSerializer, request)
        retired = switch_health_off(**sent, now=timezone.now())
        return Response(HealthPlanSerializer(retired).data)


class NewestPlan(KeysetPagination):
    """The newest first."""

    order = ("-number", "-id")


class HealthVersionsView(ListAPIView[HealthPlan]):
    """Every version that was ever published."""

    scopes = SCOPES
    queryset = HealthPlan._base_manager.none()
    serializer_class = HealthPlanSerializer
    pagination_class = NewestPlan
    filter_backends = ()

    def get_queryset(self) -> Any:
        """Newest first."""
        return HealthPlan.objects.exclude(number=None)


class HealthVersionView(APIView):
    """One version that was published."""

    scopes = SCOPES

    @extend_schema(responses=HealthPlanWithRulesSerializer, operation_id="health_rules_version")
    def get(self, request: Request, id: UUID) -> Response:
        """Return it with its rules."""
        return _told(get_object_or_404(HealthPlan.objects.exclude(number=None), pk=id))


class HealthDraftView(APIView):
    """The next rules."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(
        responses=HealthPlanWithRulesSerializer, operation_id="health_rules_draft_retrieve"
    )
    def get(self, request: Request) -> Response:
        """Return the draft; 404 while there is none."""
        return _told(_draft())

    @extend_schema(
        request=HealthDraftSerializer,
        responses=HealthPlanWithRulesSerializer,
        operation_id="health_rules_draft_replace",
    )
    def put(self, request: Request) -> Response:
        """Make these the rules of the draft, which is started if there is none."""
        sent = _sent(HealthDraftSerializer, request)
        draft = start_draft(by=None, now=timezone.now())
        replace_rules(draft, [HealthWords(**each) for each in sent["rules"]])
        return _told(draft)

    @extend_schema(responses={204: None}, operation_id="health_rules_draft_discard")
    def delete(self, request: Request) -> Response:
        """Throw the draft away."""
        discard_draft(_draft())
        return Response(status=status.HTTP_204_NO_CONTENT)


class HealthPreviewView(APIView):
    """The draft tried on today's customers."""

    scopes = SCOPES

    @extend_schema(responses=HealthPreviewSerializer, operation_id="health_rules_draft_preview")
    def get(self, request: Request) -> Response:
        """Return how many would fare how, and who would fare otherwise; nothing is written."""
        tried: Any = preview_of(_draft(), now=timezone.now())
        return Response(HealthPreviewSerializer(tried).data)


class HealthPublishView(APIView):
    """From draft to the rules that hold."""

    scopes = SCOPES
    parser_classes = (StrictJSONParser,)

    @extend_schema(
        request=PublishHealthSerializer,
        responses=HealthPlanWithRulesSerializer,
        operation_id="health_rules_draft_publish",
    )
    def post(self, request: Request) -> Response:
        """Publish the draft; a worker judges every customer by it."""
        sent = _sent(PublishHealthSerializer, request)
        return _told(publish_health(_draft(), **sent, now=timezone.now()))


def _draft() -> HealthPlan:
    found: HealthPlan | None = HealthPlan.objects.draft().first()
    if found is None:
        raise NotFound(_("There is no draft; send its rules first."))
    return found


def _sent(serializer: Any, request: Request) -> dict[str, Any]:
    form = serializer(data=request.data, context={"request": request})
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def _told(plan: HealthPlan) -> Response:
    told: Any = {"plan": plan, "rules": told_rules(plan)}
    return Response(HealthPlanWithRulesSerializer(told).data)
