"""What pages and the API tell about indicators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from leads.models import Lead, Membership
from scoring.indicators.verdicts import Comparison, comparison_of
from scoring.indicators.wording import doubts_about, reading_of, study_sentences
from scoring.models import Indicator, IndicatorFigure, IndicatorList, Measurement


@dataclass(frozen=True)
class Told:
    """An indicator read aloud, with what was measured (None: not yet)."""

    indicator: Indicator
    comparison: Comparison | None

    @cached_property
    def reading(self) -> str:
        """By what one knows it."""
        return reading_of(self.indicator)

    @cached_property
    def doubts(self) -> Sequence[str]:
        """What of it could not be read as it was then."""
        return doubts_about(self.indicator)


@dataclass(frozen=True)
class Had(Told):
    """An indicator a lead has, and since when."""

    since: datetime


@dataclass(frozen=True)
class ListTold:
    """A list of indicators with the figures that are there, and those on their way."""

    list: IndicatorList
    indicators: Sequence[Told]
    measured: Measurement | None
    running: Measurement | None

    @property
    def is_busy(self) -> bool:
        """It is being measured, or its leads are being found."""
        return self.running is not None or self.is_filling

    @property
    def is_filling(self) -> bool:
        """Everybody is being asked for one of its indicators."""
        segments = (each.indicator.segment for each in self.indicators)
        return any(each.is_stale and not each.retired_at for each in segments if each)

    @property
    def study(self) -> Sequence[str]:
        """How it was measured."""
        return study_sentences(self.measured) if self.measured else []


def list_told(shown: IndicatorList) -> ListTold:
    """The list with its figures: three queries, whatever its length."""
    measured = running = None
    for each in shown.measurements.all():
        if each.finished_at is None:
            running = each
        else:
            measured = each
    indicators = shown.indicators.select_related("segment").order_by("position", "id")
    figures = _figures(measured)
    return ListTold(
        shown,
        [Told(each, figures.get(each.pk)) for each in indicators],
        measured,
        running,
    )


def _figures(measured: Measurement | None) -> dict[object, Comparison]:
    if measured is None:
        return {}
    rows = IndicatorFigure.objects.filter(measurement=measured)
    return {each.indicator_id: comparison_of(each) for each in rows}


@dataclass(frozen=True)
class IndicatorsOfLead:
    """The published indicators a lead has, and those it has not."""

    list: IndicatorList
    having: Sequence[Had]
    missing: Sequence[Told]


def indicators_of(lead: Lead) -> IndicatorsOfLead | None:
    """Which of the published indicators the lead has; None while no list is published."""
    published = IndicatorList.objects.published().first()
    if published is None:
        return None
    told = list_told(published).indicators
    segments = [each.indicator.segment_id for each in told]
    lasting = Membership.objects.filter(lead=lead, left_at=None, segment_id__in=segments)
    since = dict(lasting.values_list("segment_id", "entered_at"))
    having = [
        Had(each.indicator, each.comparison, since[each.indicator.segment_id])
        for each in told
        if each.indicator.segment_id in since
    ]
    missing = [each for each in told if each.indicator.segment_id not in since]
    return IndicatorsOfLead(published, having, missing)
