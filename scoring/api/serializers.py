"""How models and scores are written."""

from typing import Any

from rest_framework import serializers


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


class ScoreModelSerializer(serializers.Serializer[Any]):
    """A version of the score model."""

    version = serializers.IntegerField(source="model.number")
    published_at = serializers.DateTimeField(source="model.published_at")
    reason = serializers.CharField(source="model.reason")
    hot_from = serializers.IntegerField(source="model.hot_from")
    warm_from = serializers.IntegerField(source="model.warm_from")
    rules = RuleSerializer(many=True)


class ContributionSerializer(serializers.Serializer[Any]):
    """What one rule gives one lead: `raw` before its cap, `points` after it."""

    rule = serializers.UUIDField(source="rule.pk", allow_null=True, default=None)
    name = serializers.CharField()
    sentence = serializers.CharField()
    facts = serializers.IntegerField()
    raw = serializers.IntegerField()
    faded = serializers.IntegerField()
    points = serializers.IntegerField()


class ScoreSerializer(serializers.Serializer[Any]):
    """A lead's score; the points of its contributions sum to it exactly."""

    score = serializers.IntegerField(allow_null=True)
    lead_class = serializers.CharField()
    grade = serializers.CharField()
    reason = serializers.CharField()
    version = serializers.IntegerField(source="version.number")
    as_of = serializers.DateTimeField()
    contributions = ContributionSerializer(many=True, source="given")
