"""How routing reads and writes over the API."""

from typing import Any

from rest_framework import serializers

from funnel.models import Assignment, Otherwise, RoutingPlan, ShareChange, Target, Wait
from funnel.models.routing import FULLEST, HEAVIEST
from funnel.routing.drafting import LONGEST_NAME, MOST_RULES
from leadmgmt.workspaces.actions.versions import LONGEST_REASON
from leadmgmt.workspaces.models import Team
from leads.api.fields import PresentMemberField, by_member, one_of
from leads.api.leads import StrictFields


class RoutingRuleSerializer(StrictFields):
    """Leads that meet `condition` go to a team or a member; the last rule has no condition.

    `keeps_company`: first to whoever has the company. `minds_hours`: only in working hours.
    """

    name = serializers.CharField(max_length=LONGEST_NAME)
    condition = serializers.DictField(required=False, allow_null=True)
    target = serializers.ChoiceField(choices=Target.choices, default=Target.TEAM)
    team = one_of(Team, required=False, allow_null=True)
    member = PresentMemberField(required=False, allow_null=True)
    keeps_company = serializers.BooleanField(default=True)
    minds_hours = serializers.BooleanField(default=True)
    otherwise = serializers.ChoiceField(choices=Otherwise.choices, default=Otherwise.HOLD)


class RoutingDraftSerializer(StrictFields):
    """All rules of the next plan, in their order; the last is the last resort."""

    rules = serializers.ListField(
        child=RoutingRuleSerializer(), min_length=1, max_length=MOST_RULES
    )


class PublishRoutingSerializer(StrictFields):
    """Why routing changes; `is_applied`: for everybody in the pool too."""

    reason = serializers.CharField(max_length=LONGEST_REASON)
    is_applied = serializers.BooleanField(default=False)


class RuleReadSerializer(serializers.Serializer[Any]):
    """A rule; `when` is its condition in plain words."""

    id = serializers.UUIDField(source="rule.pk")
    number = serializers.IntegerField(source="rule.number")
    name = serializers.CharField(source="rule.name")
    condition = serializers.DictField(source="rule.condition")
    when = serializers.CharField()
    target = serializers.ChoiceField(choices=Target.choices, source="rule.target")
    team = serializers.UUIDField(source="rule.team_id", allow_null=True)
    member = serializers.UUIDField(source="rule.member_id", allow_null=True)
    keeps_company = serializers.BooleanField(source="rule.keeps_company")
    minds_hours = serializers.BooleanField(source="rule.minds_hours")
    otherwise = serializers.ChoiceField(choices=Otherwise.choices, source="rule.otherwise")


class PlanSerializer(serializers.ModelSerializer[RoutingPlan]):
    """A version of the plan, without its rules; a draft has no number."""

    class Meta:
        model = RoutingPlan
        fields = (
            *("id", "number", "state", "reason", "made_by", "made_at"),
            *("published_by", "published_at", "retired_at"),
        )


class PlanWithRulesSerializer(serializers.Serializer[Any]):
    """A version of the plan with its rules, as they are asked."""

    plan = PlanSerializer()
    rules = RuleReadSerializer(many=True)


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """A rule gave a lead to a member; `why` is the sentence."""

    class Meta:
        model = Assignment
        fields = ("id", "lead", "member", "rule", "manner", "why", "assigned_at")


class WaitSerializer(serializers.ModelSerializer[Wait]):
    """A lead for which nobody is eligible (`lack`: nobody), or not at this hour (hours)."""

    class Meta:
        model = Wait
        fields = ("id", "lead", "rule", "lack", "why", "since", "looked_at")


class ShareChangesSerializer(StrictFields):
    """What a member of the team gets: turns, open leads at most (null: any), where from."""

    member = PresentMemberField()
    weight = serializers.IntegerField(min_value=0, max_value=HEAVIEST, default=1)
    capacity = serializers.IntegerField(
        min_value=0, max_value=FULLEST, required=False, allow_null=True
    )
    territory = serializers.DictField(required=False, allow_null=True)
    by = by_member()


class ShareChangeSerializer(serializers.ModelSerializer[ShareChange]):
    """One number or the territory (in plain words), before and after; no `by`: a program."""

    class Meta:
        model = ShareChange
        fields = ("id", "member", "field", "old", "new", "by", "changed_at")


class ShareSerializer(serializers.Serializer[Any]):
    """What one member gets; `from_where` is the territory in plain words, empty for all."""

    member = serializers.UUIDField(source="share.member_id")
    weight = serializers.IntegerField(source="share.weight")
    capacity = serializers.IntegerField(source="share.capacity", allow_null=True)
    territory = serializers.DictField(source="share.territory")
    from_where = serializers.CharField(source="territory")


class DryRunAskedSerializer(StrictFields):
    """The last so many days; `draft`: the draft rather than the plan in force."""

    days = serializers.IntegerField(min_value=1, max_value=366, default=30)
    draft = serializers.BooleanField(default=True)


class DryRunRowSerializer(serializers.Serializer[Any]):
    """A member: leads they would have got, and those of them they have today."""

    name = serializers.CharField()
    would = serializers.IntegerField()
    has = serializers.IntegerField()


class DryRunExampleSerializer(serializers.Serializer[Any]):
    """A lead: who would have got it, why; `would` is empty where nobody was eligible."""

    lead = serializers.UUIDField(source="lead.pk")
    at = serializers.DateTimeField()
    would = serializers.CharField()
    why = serializers.CharField()
    lack = serializers.CharField()


class DryRunSerializer(serializers.Serializer[Any]):
    """What the rules would have done with the MQLs of a period; nothing was written."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    found = serializers.IntegerField(help_text="How many became MQLs in the period.")
    total = serializers.IntegerField(help_text="How many of them were tried.")
    is_cut = serializers.BooleanField()
    nobody = serializers.IntegerField()
    pool = serializers.IntegerField()
    rows = DryRunRowSerializer(many=True)
    examples = DryRunExampleSerializer(many=True)
