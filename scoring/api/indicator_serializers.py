"""How lists of indicators and their figures are written."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scoring.indicators.telling import Told
from scoring.indicators.verdicts import Verdict
from scoring.models import IndicatorList, Measurement


class IntervalSerializer(serializers.Serializer[Any]):
    """The 95 % interval."""

    low = serializers.FloatField()
    high = serializers.FloatField()


class WinRateSerializer(serializers.Serializer[Any]):
    """How many of so many cases won."""

    cases = serializers.IntegerField()
    won = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    interval = IntervalSerializer()


class WorthSerializer(serializers.Serializer[Any]):
    """Cases with the indicator against those without; `difference` is between their shares."""

    having = WinRateSerializer()
    others = WinRateSerializer()
    difference = IntervalSerializer()
    verdict = serializers.ChoiceField([each.value for each in Verdict])
    sentence = serializers.CharField()


class ToldSerializer(serializers.Serializer[Any]):
    """An indicator; `figures` are null until it is measured, `segment` until it is published."""

    key = serializers.UUIDField(source="indicator.key")
    name = serializers.CharField(source="indicator.name")
    note = serializers.CharField(source="indicator.note")
    condition = serializers.JSONField(source="indicator.condition")
    reading = serializers.CharField(help_text="The condition in words.")
    segment = serializers.UUIDField(source="indicator.segment_id", allow_null=True)
    figures = WorthSerializer(source="comparison", allow_null=True)
    doubts = serializers.ListField(
        child=serializers.CharField(), help_text="What could not be read as it was then."
    )


class IndicatorListedSerializer(ToldSerializer):
    """The same, with how many leads have it now."""

    leads = serializers.SerializerMethodField()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_leads(self, told: Told) -> int | None:
        """None while no segment is kept for it."""
        segment = told.indicator.segment
        return None if segment is None or segment.retired_at else int(segment.size)


class MeasurementSerializer(serializers.ModelSerializer[Measurement]):
    """What was asked of the past; `open` and `early` leads were no cases."""

    study = serializers.JSONField()

    class Meta:
        model = Measurement
        fields = ("study", "asked_at", "finished_at", "done", "total", "open", "early")


class IndicatorVersionSerializer(serializers.ModelSerializer[IndicatorList]):
    """A list that was published."""

    version = serializers.IntegerField(source="number")
    state = serializers.CharField()
    published_by = serializers.UUIDField(source="published_by_id", allow_null=True)

    class Meta:
        model = IndicatorList
        fields = (
            *("id", "version", "state", "reason"),
            *("made_at", "published_at", "published_by", "retired_at"),
        )


class IndicatorListSerializer(serializers.Serializer[Any]):
    """A list with its indicators; `measuring` is there while new figures are on their way."""

    id = serializers.UUIDField(source="list.pk")
    version = serializers.IntegerField(source="list.number", allow_null=True)
    state = serializers.CharField(source="list.state")
    reason = serializers.CharField(source="list.reason")
    made_at = serializers.DateTimeField(source="list.made_at")
    published_at = serializers.DateTimeField(source="list.published_at", allow_null=True)
    published_by = serializers.UUIDField(source="list.published_by_id", allow_null=True)
    retired_at = serializers.DateTimeField(source="list.retired_at", allow_null=True)
    indicators = IndicatorListedSerializer(many=True)
    measured = MeasurementSerializer(allow_null=True)
    measuring = MeasurementSerializer(source="running", allow_null=True)


class HavingSerializer(ToldSerializer):
    """An indicator the lead has, and since when."""

    since = serializers.DateTimeField()


class LeadIndicatorsSerializer(serializers.Serializer[Any]):
    """The published indicators a lead has, and those it has not."""

    version = serializers.IntegerField(source="list.number")
    having = HavingSerializer(many=True)
    missing = ToldSerializer(many=True)
