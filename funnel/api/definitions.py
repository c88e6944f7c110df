"""What the stages mean, over the API: read, proposed, approved, published."""

from typing import Any

import django_filters
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from funnel.actions.companies import propose_company_rule, publish_company_rule
from funnel.actions.definitions import propose_change, publish_definition
from funnel.actions.describing import LONGEST_EXPLANATION, LONGEST_NAME, LONGEST_REASON
from funnel.api.agreeing import SIGNED, Agreed, WaitsForField
from funnel.models import CompanyRule, Definition
from funnel.queries.company_rules import differences_of_rules, rule_in_words
from funnel.queries.differences import criteria_of, differences
from leadmgmt.workspaces.models import Team, VersionState
from leads.api.fields import by_member, one_of
from leads.api.leads import StrictFields
from leads.models import Stage


class SubcategorySerializer(StrictFields):
    """A part of a stage; a lead is in the first that holds, and without a condition all are."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    explanation = serializers.CharField(
        max_length=LONGEST_EXPLANATION, required=False, allow_blank=True, default=""
    )
    condition = serializers.DictField(required=False, default=dict)


class DefinitionSerializer(serializers.ModelSerializer[Definition]):
    """A version of what a stage means; moves by rule name the version that made them."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    state = serializers.ChoiceField(choices=VersionState.choices)
    waits_for = WaitsForField(read_only=True)
    criteria = serializers.SerializerMethodField(help_text="The condition in plain words.")
    subcategories = SubcategorySerializer(many=True)
    moves_to = serializers.ListField(child=serializers.ChoiceField(choices=Stage.choices))
    exit_reasons = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Definition
        fields = (
            *SIGNED,
            "stage",
            "explanation",
            "owner_team",
            "condition",
            "criteria",
            "is_binding",
            "needs_qualification",
            "subcategories",
            "moves_to",
            "exit_reasons",
        )
        read_only_fields = fields

    def get_criteria(self, definition: Definition) -> str:
        """How a lead enters by rule; empty when only people decide."""
        return criteria_of(definition)


class ProposalSerializer(StrictFields):
    """A change of what a stage means; what is left out stays as it is."""

    stage = serializers.ChoiceField(choices=Stage.choices)
    explanation = serializers.CharField(max_length=2_000)
    reason = serializers.CharField(max_length=300)
    owner_team = one_of(Team, required=False, allow_null=True)
    condition = serializers.DictField(
        required=False, help_text="A condition tree; `{}`: no criteria."
    )
    is_binding = serializers.BooleanField(
        required=False, help_text="Nobody is moved there by hand without meeting the criteria."
    )
    needs_qualification = serializers.BooleanField(required=False)
    subcategories = SubcategorySerializer(many=True, required=False)
    moves_to = serializers.ListField(
        child=serializers.ChoiceField(choices=Stage.choices), required=False
    )
    exit_reasons = serializers.ListField(
        child=serializers.CharField(max_length=LONGEST_REASON), required=False
    )
    by = by_member()


class DefinitionFilter(django_filters.FilterSet):
    """`?state=published`: those that bind now."""

    stage = django_filters.ChoiceFilter(choices=Stage.choices)
    state = django_filters.ChoiceFilter(choices=VersionState.choices)


class DefinitionViewSet(Agreed):
    """Definitions of the stages, all versions."""

    queryset = Definition._base_manager.none()
    serializer_class = DefinitionSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DefinitionFilter

    @extend_schema(request=ProposalSerializer, responses={201: DefinitionSerializer})
    def create(self, request: Request) -> Response:
        """Propose the next version of a stage; a proposal there already is rewritten."""
        draft = propose_change(**self.told(ProposalSerializer))
        return self.answer(draft, status.HTTP_201_CREATED)

    def publish_version(self, version: Any, told: dict[str, Any]) -> None:
        """Let it bind."""
        publish_definition(version, **told, now=timezone.now())

    def changes_of(self, version: Any) -> list[Any]:
        """Against the version before it."""
        before = version.siblings().filter(version=version.version - 1).first()
        return differences(before, version)


class CompanyRuleSerializer(serializers.ModelSerializer[CompanyRule]):
    """A version of how a company's stage follows from its people."""

    state = serializers.ChoiceField(choices=VersionState.choices)
    waits_for = WaitsForField(read_only=True)
    words = serializers.SerializerMethodField(help_text="The rule in plain words.")

    class Meta:
        model = CompanyRule
        fields = (*SIGNED, "least_people", "words")
        read_only_fields = fields

    def get_words(self, rule: CompanyRule) -> str:
        """As both teams read it."""
        return rule_in_words(rule.least_people)


class RuleProposalSerializer(StrictFields):
    """A change of the rule for companies."""

    least_people = serializers.IntegerField(min_value=1, max_value=20)
    reason = serializers.CharField(max_length=300)
    by = by_member()


class CompanyRuleFilter(django_filters.FilterSet):
    """`?state=published`: the one that binds now."""

    state = django_filters.ChoiceFilter(choices=VersionState.choices)


class CompanyRuleViewSet(Agreed):
    """The rule for the stage of companies, all versions."""

    queryset = CompanyRule._base_manager.none()
    serializer_class = CompanyRuleSerializer
    filter_backends = (DjangoFilterBackend,)
    filterset_class = CompanyRuleFilter

    @extend_schema(request=RuleProposalSerializer, responses={201: CompanyRuleSerializer})
    def create(self, request: Request) -> Response:
        """Propose the next version of the rule; a proposal there already is rewritten."""
        draft = propose_company_rule(**self.told(RuleProposalSerializer))
        return self.answer(draft, status.HTTP_201_CREATED)

    def publish_version(self, version: Any, told: dict[str, Any]) -> None:
        """Let it bind; companies follow in the background."""
        publish_company_rule(version, by=told["by"], now=timezone.now())

    def changes_of(self, version: Any) -> list[Any]:
        """Against the version before it."""
        before = version.siblings().filter(version=version.version - 1).first()
        return differences_of_rules(before, version)
