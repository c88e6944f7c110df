"""Indicators and lists of them in plain words."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.ui.formatting import day, number
from leads.conditions import Condition, WrongCondition, parse, read_aloud
from leads.models import Stage
from scoring.cases import Study, unknown_then
from scoring.cases.known import sentence_of
from scoring.models import Indicator, IndicatorList, Measurement


def read_of(indicator: Indicator) -> Condition | None:
    """Its condition; None when what it asks about is not there any more."""
    try:
        return parse(indicator.condition, is_stored=True)
    except WrongCondition:
        return None


def reading_of(indicator: Indicator) -> str:
    """By what one knows it."""
    condition = read_of(indicator)
    if condition is None:
        return _("asks about something that is not there any more")
    return read_aloud(condition)


def doubts_about(indicator: Indicator) -> list[str]:
    """What of it cannot be read as it was at the moments of the cases."""
    condition = read_of(indicator)
    if condition is None:
        return []
    return [sentence_of(name, how) for name, how in unknown_then(condition).items()]


def study_sentences(measurement: Measurement) -> list[str]:
    """Which leads were looked at, when, and what winning meant."""
    study = Study.from_json(measurement.study)
    window = _("Leads created from %(first)s to %(last)s, as they were known %(days)s after that.")
    said = {
        "first": day(study.created_from),
        "last": day(study.created_to),
        "days": days_in_words(study.wait_days),
    }
    sentences = [window % said, won_sentence(study)]
    if measurement.open:
        leads = ngettext(
            "%(count)s lead is too young for a verdict and is left out.",
            "%(count)s leads are too young for a verdict and are left out.",
            measurement.open,
        )
        sentences.append(leads % {"count": number(measurement.open)})
    if measurement.early:
        leads = ngettext(
            "%(count)s lead had won before its moment and is left out.",
            "%(count)s leads had won before their moment and are left out.",
            measurement.early,
        )
        sentences.append(leads % {"count": number(measurement.early)})
    return sentences


def won_sentence(study: Study) -> str:
    """What winning means here."""
    said = {"days": days_in_words(study.within_days)}
    if study.outcome == Stage.CUSTOMER:
        return _("A lead has won when it became a customer within %(days)s of that moment.") % said
    return _("A lead has won when it became an SQL within %(days)s of that moment.") % said


def days_in_words(days: int) -> str:
    """So many days."""
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": number(days)}


def changes_of(draft: IndicatorList) -> list[str] | None:
    """What the draft says otherwise than the list that holds; None while none does."""
    published = IndicatorList.objects.published().first()
    if published is None:
        return None
    before, after = (
        list(each.indicators.order_by("position", "id")) for each in (published, draft)
    )
    return differences(before, after)


def differences(before: Sequence[Indicator], after: Sequence[Indicator]) -> list[str]:
    """What the second list says otherwise than the first, in words."""
    old, new = _by_key(before), _by_key(after)
    said = [_("New: “%(name)s”.") % {"name": new[key].name} for key in new if key not in old]
    said += [_("Gone: “%(name)s”.") % {"name": old[key].name} for key in old if key not in new]
    for key in new:
        if key in old:
            said += _changes(old[key], new[key])
    kept_before = [key for key in old if key in new]
    if kept_before != [key for key in new if key in old]:
        said.append(_("The order is another."))
    return said


def _by_key(indicators: Sequence[Indicator]) -> Mapping[UUID, Indicator]:
    return {each.key: each for each in indicators}


def _changes(old: Indicator, new: Indicator) -> Iterator[str]:
    if old.name != new.name:
        yield _("“%(old)s” is called “%(new)s”.") % {"old": old.name, "new": new.name}
    if old.condition != new.condition:
        words = {"name": new.name, "old": reading_of(old), "new": reading_of(new)}
        yield _("“%(name)s” meant: %(old)s. Now: %(new)s.") % words
    if old.note != new.note:
        yield _("“%(name)s” says otherwise why it matters.") % {"name": new.name}
