"""How models and scores are written."""

from typing import Any

from rest_framework import serializers

from scoring.models import ModelVersion, ScoreModel
from scoring.queries import Counted, RuleTold
from scoring.telling.history import ChangeTold
from scoring.telling.nearest import Nearest
from scoring.telling.whole import Line, Told


class RuleSerializer(serializers.Serializer[Any]):
    """One rule of a model, also in words."""

    id = serializers.UUIDField(source="rule.pk")
    name = serializers.CharField(source="rule.name")
    kind = serializers.CharField(source="rule.kind")
    sentence = serializers.CharField()
    condition = serializers.JSONField(source="rule.condition")
    points = serializers.IntegerField(source="rule.points")
    per = serializers.CharField(source="rule.per")
    window_days = serializers.IntegerField(source="rule.window_days", allow_null=True)
    cap = serializers.IntegerField(source="rule.cap", allow_null=True)
    group = serializers.UUIDField(source="rule.group_id", allow_null=True)
    decay = serializers.CharField(source="rule.decay")
    half_life_days = serializers.IntegerField(source="rule.half_life_days", allow_null=True)
    steps = serializers.ListField(
        source="rule.steps", child=serializers.ListField(child=serializers.IntegerField())
    )


class GroupSerializer(serializers.Serializer[Any]):
    """Rules that together give no more than `cap`, whichever the sign."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    cap = serializers.IntegerField()


class DecisionSerializer(serializers.Serializer[Any]):
    """A decision rule: the first whose condition holds gives the class."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    condition = serializers.JSONField()
    lead_class = serializers.CharField()


class ScoreModelSerializer(serializers.Serializer[Any]):
    """A version of the score model."""

    version = serializers.IntegerField(source="model.number")
    published_at = serializers.DateTimeField(source="model.published_at")
    reason = serializers.CharField(source="model.reason")
    hot_from = serializers.IntegerField(source="model.hot_from")
    warm_from = serializers.IntegerField(source="model.warm_from")
    rules = RuleSerializer(many=True)


class ModelSerializer(serializers.ModelSerializer[ScoreModel]):
    """What leads are scored for; `state` and `version` are those of the version in force."""

    version = serializers.UUIDField(allow_null=True)
    has_draft = serializers.BooleanField()

    class Meta:
        model = ScoreModel
        fields = ("id", "name", "purpose", "version", "has_draft", "made_at", "retired_at")


class ModelUseSerializer(serializers.Serializer[Any]):
    """Something whose condition asks about the score of a model."""

    noun = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField(allow_blank=True)


class ModelUsedSerializer(ModelSerializer):
    """A model, and what asks about its score, also when it has retired."""

    used_by = ModelUseSerializer(many=True)

    class Meta(ModelSerializer.Meta):
        fields = (*ModelSerializer.Meta.fields, "used_by")  # type: ignore[assignment]


class VersionSerializer(serializers.ModelSerializer[ModelVersion]):
    """A version of a model; immutable once it has a number."""

    model = serializers.UUIDField(source="model_id")
    published_by = serializers.UUIDField(source="published_by_id", allow_null=True)

    class Meta:
        model = ModelVersion
        fields = (
            *("id", "model", "number", "state", "mode", "hot_from", "warm_from", "most", "least"),
            *("matrix", "urgency", "grades", "reason", "made_at", "published_by"),
            *("published_at", "effective_at", "retired_at"),
        )


class WholeVersionSerializer(VersionSerializer):
    """The same with all it is made of."""

    rules = RuleSerializer(many=True, source="told")
    groups = GroupSerializer(many=True, source="in_order.groups")
    decisions = DecisionSerializer(many=True, source="in_order.decisions")
    warnings = serializers.ListField(
        child=serializers.CharField(), help_text="What would not work any more, in sentences."
    )

    class Meta:
        model = ModelVersion
        fields = (*VersionSerializer.Meta.fields, "rules", "groups", "decisions", "warnings")


class RuleCountSerializer(serializers.Serializer[RuleTold]):
    """A rule, and how many leads it would give points now (null: counting took too long)."""

    rule = serializers.UUIDField(source="rule.pk")
    name = serializers.CharField(source="rule.name")
    leads = serializers.IntegerField(allow_null=True)


class CountsSerializer(serializers.Serializer[Counted]):
    """Of `total` leads, `drawn` were drawn at random and asked; null: all were asked."""

    total = serializers.IntegerField()
    drawn = serializers.IntegerField(allow_null=True)
    rules = RuleCountSerializer(many=True)


class ChangesSerializer(serializers.Serializer[Any]):
    """What a version says otherwise than `before`, the one it follows (null: there is none)."""

    before = serializers.UUIDField(allow_null=True)
    changes = serializers.ListField(child=serializers.CharField())


class ContributionSerializer(serializers.Serializer[Line]):
    """What one rule gives one lead; of a cap, `rule` is null.

    `raw` before fading, `faded` after it, `points` after the cap of the rule; `last_on`: the last
    day of the facts.
    """

    rule = serializers.UUIDField(source="given.rule.pk", allow_null=True, default=None)
    name = serializers.CharField(source="given.name")
    sentence = serializers.CharField(source="given.sentence")
    facts = serializers.IntegerField(source="given.facts")
    last_on = serializers.DateField(allow_null=True)
    raw = serializers.IntegerField(source="given.raw")
    faded = serializers.IntegerField(source="given.faded")
    cap = serializers.IntegerField(source="given.rule.cap", allow_null=True, default=None)
    points = serializers.IntegerField(source="given.points")


class NearestSerializer(serializers.Serializer[Nearest]):
    """What would give another class; `points` to gain or lose, null where it is not points."""

    lead_class = serializers.CharField()
    sentence = serializers.CharField()
    points = serializers.IntegerField(allow_null=True)


class OneScoreSerializer(serializers.Serializer[Told]):
    """A lead's score by one model; the points of its contributions sum to it exactly.

    Sorted by decision rules, a lead has a class and a reason, and no number. `told` says it to a
    seller, `unknown` are fields that rules ask for, `nearest` what would change the class.
    """

    model = serializers.UUIDField(source="score.model.pk")
    name = serializers.CharField(source="score.model.name")
    purpose = serializers.CharField(source="score.model.purpose")
    score = serializers.IntegerField(source="score.score", allow_null=True)
    lead_class = serializers.CharField(source="score.lead_class")
    grade = serializers.CharField(source="score.grade")
    reason = serializers.CharField(source="score.reason")
    told = serializers.CharField(source="sentence")
    unknown = serializers.ListField(child=serializers.CharField())
    nearest = NearestSerializer(many=True)
    version = serializers.IntegerField(source="score.version.number")
    as_of = serializers.DateTimeField(source="score.as_of")
    contributions = ContributionSerializer(many=True, source="lines_given")


class ScoreSerializer(OneScoreSerializer):
    """The score that lists show, and beside it those by every model (`models`)."""

    models = OneScoreSerializer(many=True)


class GivenPointsSerializer(serializers.Serializer[Any]):
    """What one rule or cap gave after a change."""

    name = serializers.CharField()
    points = serializers.IntegerField()


class ScoreChangeSerializer(serializers.Serializer[ChangeTold]):
    """The shown score, class or grade moved; sorted without points it has no numbers.

    `reason`: something happened (fact), what is known changed (profile), days went by (days),
    another version (version), worked out anew (recompute), a machine did it (verdict), cycle.
    """

    at = serializers.DateTimeField()
    reason = serializers.CharField()
    version = serializers.IntegerField(source="version.number")
    old_score = serializers.IntegerField(allow_null=True)
    new_score = serializers.IntegerField(allow_null=True)
    old_class = serializers.CharField()
    new_class = serializers.CharField()
    old_grade = serializers.CharField()
    new_grade = serializers.CharField()
    contributions = GivenPointsSerializer(many=True, source="given_rows")
