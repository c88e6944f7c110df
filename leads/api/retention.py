"""Retention rules over the API: whom they would erase, on and off."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from leadmgmt.workspaces.models import Scope
from leads.actions.retention import (
    delete_retention_rule,
    save_retention_rule,
    switch_retention_rule,
)
from leads.api.fields import OfWorkspace, by_member
from leads.api.leads import StrictFields
from leads.api.reading import KeysetPagination
from leads.models import RetentionRule
from leads.queries.privacy import trial_of


class RetentionRuleSerializer(serializers.ModelSerializer[RetentionRule]):
    """Leads that meet `condition` are erased at night while `is_on`."""

    class Meta:
        model = RetentionRule
        fields = ("id", "name", "condition", "is_on", "by", "created_at", "ran_at", "erased")


class RuleChangesSerializer(StrictFields):
    """What to change; another condition switches the rule off."""

    name = serializers.CharField(max_length=120, required=False)
    condition = serializers.DictField(required=False)
    is_on = serializers.BooleanField(required=False)
    by = by_member()


class NewRuleSerializer(StrictFields):
    """A rule; it is off until it is switched on."""

    name = serializers.CharField(max_length=120)
    condition = serializers.DictField()
    by = by_member()


class RuleTrialSerializer(serializers.Serializer[Any]):
    """Whom the rule would erase as of now; `count` is null when counting takes too long."""

    count = serializers.IntegerField(allow_null=True)
    examples = serializers.ListField(child=serializers.UUIDField())
    problem = serializers.CharField(allow_blank=True)


class RetentionRuleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, OfWorkspace):
    """How long anything is kept."""

    scopes = {"read": Scope.PRIVACY_WRITE, "write": Scope.PRIVACY_WRITE}
    queryset = RetentionRule._base_manager.none()
    serializer_class = RetentionRuleSerializer
    pagination_class = KeysetPagination
    filter_backends = ()

    @extend_schema(request=NewRuleSerializer, responses={201: RetentionRuleSerializer})
    def create(self, request: Request) -> Response:
        """One more, off; refused when its condition asks nothing."""
        made = save_retention_rule(RetentionRule(), **self.told(NewRuleSerializer))
        return self.answer(self.get_queryset().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(request=RuleChangesSerializer, responses=RetentionRuleSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what is named, then switch it on or off when asked."""
        rule, asked = self.get_object(), self.told(RuleChangesSerializer)
        is_on, by = asked.pop("is_on", None), asked.pop("by")
        if asked:
            told = {"name": rule.name, "condition": rule.condition} | asked
            save_retention_rule(rule, **told, by=by)
        if is_on is not None:
            switch_retention_rule(rule, is_on=is_on, by=by)
        return self.answer(self.get_object())

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Forget the rule; what it erased stays erased."""
        delete_retention_rule(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=RuleTrialSerializer)
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def trial(self, request: Request, pk: UUID) -> Response:
        """Whom it would erase now; nobody is erased."""
        trial = trial_of(self.get_object(), now=timezone.now())
        told = {
            "count": trial.counted.count,
            "examples": [lead.pk for lead in trial.examples],
            "problem": trial.problem,
        }
        return Response(RuleTrialSerializer(told).data)
