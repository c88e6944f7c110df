"""A draft written over the API, as one document."""

from typing import Any

from rest_framework import serializers

from leads.api.leads import StrictFields
from scoring.actions.content import HOT_FROM, WARM_FROM, Content, DecisionWords, Grouped, GroupWords
from scoring.actions.words import RuleWords
from scoring.models import Decay, Mode, Per

MOST_RULES, MOST_GROUPS, MOST_DECISIONS, MOST_STEPS = 100, 20, 30, 10
LARGEST = 1_000_000_000


def whole(**values: Any) -> serializers.IntegerField:
    """A whole number the database can hold; what it may be is said by the rule at fault."""
    return serializers.IntegerField(min_value=-LARGEST, max_value=LARGEST, **values)


def maybe() -> serializers.IntegerField:
    """A number of days or points, or nothing."""
    return serializers.IntegerField(
        min_value=0, max_value=32_767, required=False, allow_null=True, default=None
    )


def many_of(serializer: type[StrictFields], most: int) -> Any:
    """A list of them, empty when it is left out."""
    several: Any = serializer
    return several(many=True, default=list, max_length=most)


class RuleContentSerializer(StrictFields):
    """A rule; `group` is the name of one of `groups`."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(choices=("profile", "behaviour"))
    condition = serializers.JSONField()
    points = whole()
    per = serializers.CharField(max_length=10, default=Per.ONCE.value)
    window_days = maybe()
    cap = whole(required=False, allow_null=True, default=None)
    decay = serializers.CharField(max_length=9, default=Decay.NONE.value)
    half_life_days = maybe()
    steps = serializers.ListField(
        child=serializers.ListField(child=whole(), max_length=2),
        max_length=MOST_STEPS,
        default=list,
    )
    group = serializers.CharField(max_length=80, allow_blank=True, default="")


class GroupContentSerializer(StrictFields):
    """Rules that together give no more than `cap`."""

    name = serializers.CharField(max_length=80)
    cap = whole()


class DecisionContentSerializer(StrictFields):
    """A decision rule; the first that holds gives the class."""

    name = serializers.CharField(max_length=120)
    condition = serializers.JSONField()
    lead_class = serializers.CharField(max_length=4)


class ContentSerializer(StrictFields):
    """All that a draft says; what is left out is as in a new draft.

    `matrix`: band → letter of the grade ("" without one) → [class if not urgent, if urgent];
    `grades`: the least score of A+ down to D-, of a model for fit.
    """

    mode = serializers.CharField(max_length=9, default=Mode.POINTS.value)
    rules = many_of(RuleContentSerializer, MOST_RULES)
    groups = many_of(GroupContentSerializer, MOST_GROUPS)
    decisions = many_of(DecisionContentSerializer, MOST_DECISIONS)
    hot_from = whole(default=HOT_FROM)
    warm_from = whole(default=WARM_FROM)
    least = whole(required=False, allow_null=True, default=None)
    most = whole(required=False, allow_null=True, default=None)
    matrix = serializers.DictField(default=dict)
    urgency = serializers.DictField(default=dict)
    grades = serializers.ListField(child=whole(), max_length=12, required=False, allow_null=True)

    def content(self) -> Content:
        """What was written; call it when it is valid only."""
        said = dict(self.validated_data)
        return Content(
            rules=[_rule(each) for each in said.pop("rules")],
            groups=[GroupWords(**each) for each in said.pop("groups")],
            decisions=[DecisionWords(**each) for each in said.pop("decisions")],
            **said,
        )


def _rule(said: dict[str, Any]) -> Grouped:
    group = said.pop("group")
    return Grouped(RuleWords(**said), group)


class NewModelSerializer(StrictFields):
    """A model for fit, or a product line."""

    purpose = serializers.CharField(max_length=7)
    name = serializers.CharField(max_length=80)
