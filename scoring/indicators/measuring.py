"""Holding a list of indicators against what became of leads, part by part."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import VersionState
from leads.conditions import Condition, WrongCondition, calendar_at, parse
from scoring.cases import Cases, Study, find_cases
from scoring.cases.finding import PART
from scoring.events import MeasurementsAdvanced
from scoring.indicators.counting import indicators_seen
from scoring.indicators.drafting import hold_figures
from scoring.indicators.terms import Terms, study_of
from scoring.models import Indicator, IndicatorFigure, IndicatorList, Measurement

log = logging.getLogger(__name__)

STALE = timedelta(days=1)


class CannotMeasure(Conflict):
    """There is nothing to measure."""


def start_measurement(
    measured: IndicatorList, *, now: datetime, terms: Terms | None = None
) -> Measurement:
    """Have the win rates of a list worked out in the background, from now on by these terms.

    The figures before stay until the new ones are there. What is being measured by the same terms
    goes on. Refuses an empty list and a retired one, and terms that cannot be asked.
    """
    with transaction.atomic():
        measured = IndicatorList.objects.select_for_update().get(pk=measured.pk)
        indicators = list(measured.indicators.all())
        _refuse_unfit(measured, indicators)
        asked = terms or Terms.from_json(measured.terms)
        study = study_of(asked, now=now)
        running = Measurement.objects.filter(list=measured, finished_at=None).first()
        is_same = asked.as_json() == Terms.from_json(measured.terms).as_json()
        if running is not None and is_same and _covers(running, indicators, now):
            return running
        hold_figures(measured)
        Measurement.objects.filter(list=measured, finished_at=None).delete()
        IndicatorList.objects.filter(pk=measured.pk).update(terms=asked.as_json())
        return _started(measured, indicators, study, now)


def measure_further(ids: Iterable[UUID], *, now: datetime) -> None:
    """Look at the next cases of each of these, and announce that there is more to do."""
    with transaction.atomic():
        running = Measurement.objects.filter(pk__in=list(ids), finished_at=None)
        for measurement in running.select_for_update().order_by("pk"):
            _look(measurement)
            if measurement.done < measurement.total:
                publish(MeasurementsAdvanced((measurement.pk,)))
            else:
                _finish(measurement, now)


def measure_due(*, now: datetime) -> None:
    """The published list; asked for when its figures are older than a day."""
    published = IndicatorList.objects.published().first()
    if published is not None:
        start_measurement(published, now=now)


def _refuse_unfit(measured: IndicatorList, indicators: Sequence[Indicator]) -> None:
    if measured.state == VersionState.RETIRED:
        raise CannotMeasure(_("%(list)s has retired; its figures stay.") % {"list": measured})
    if not indicators:
        raise CannotMeasure(_("There is no indicator to measure yet; add one first."))


def _covers(running: Measurement, indicators: Sequence[Indicator], now: datetime) -> bool:
    """It looks at all indicators of today, and has not been left behind."""
    looked_at = set(running.figures.values_list("indicator_id", flat=True))
    return running.asked_at > now - STALE and looked_at == {each.pk for each in indicators}


def _started(
    measured: IndicatorList, indicators: Sequence[Indicator], study: Study, now: datetime
) -> Measurement:
    made: Measurement = Measurement.objects.create(
        list=measured, study=study.as_json(), asked_at=now
    )
    IndicatorFigure.objects.bulk_create(
        IndicatorFigure(measurement=made, indicator=each) for each in indicators
    )
    publish(MeasurementsAdvanced((made.pk,)))
    return made


def _look(measurement: Measurement) -> None:
    """The next part of the cases, all indicators at once."""
    now = measurement.asked_at
    cases = find_cases(Study.from_json(measurement.study), now=now)
    part = range(measurement.done, min(measurement.done + PART, len(cases)))
    figures = list(measurement.figures.select_related("indicator").order_by("pk"))
    asked = [(figure, _condition(figure.indicator)) for figure in figures]
    if part:
        _count([(one, found) for one, found in asked if found], cases.chosen(part), now)
    unfit = [one.pk for one, found in asked if found is None]
    IndicatorFigure.objects.filter(pk__in=unfit).delete()
    measurement.done, measurement.total = part.stop if part else len(cases), len(cases)
    measurement.open, measurement.early = cases.open, cases.early
    measurement.save(update_fields=["done", "total", "open", "early"])


def _count(asked: Sequence[tuple[IndicatorFigure, Condition]], cases: Cases, now: datetime) -> None:
    if not asked:
        return
    seen = indicators_seen(cases, [indicator for _one, indicator in asked], calendar_at(now), now)
    for nth, has, count, won in fetch(seen.text, **seen.values):
        figure = asked[nth][0]
        if has:
            figure.cases_with, figure.won_with = figure.cases_with + count, figure.won_with + won
        else:
            figure.cases_without += count
            figure.won_without += won
    columns = ["cases_with", "won_with", "cases_without", "won_without"]
    IndicatorFigure.objects.bulk_update([figure for figure, _found in asked], columns)


def _condition(indicator: Indicator) -> Condition | None:
    """None when what it asks about is not there any more."""
    try:
        return parse(indicator.condition, is_stored=True)
    except WrongCondition:
        log.exception("Indicator %s asks what cannot be answered", indicator.pk)
        return None


def _finish(measurement: Measurement, now: datetime) -> None:
    """The new figures take the place of those before."""
    Measurement.objects.filter(list_id=measurement.list_id).exclude(pk=measurement.pk).delete()
    Measurement.objects.filter(pk=measurement.pk).update(finished_at=now)
