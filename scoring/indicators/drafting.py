"""Writing the next list of indicators."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from leadmgmt.kernel import ordering
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.actions.versions import hold_draft, take_workspace
from leadmgmt.workspaces.models import Member, VersionState
from leads import normalising, uses
from leads.conditions import parse
from scoring.models import Indicator, IndicatorFigure, IndicatorList

MOST_INDICATORS = 30
LONGEST_NAME, LONGEST_NOTE = 100, 300

Tree = dict[str, Any]


class CannotChangeIndicators(Conflict):
    """Only a draft can be changed."""


class CannotSaveIndicator(Refusal):
    """No name, a name that is taken, no condition, or one too many."""


@dataclass(frozen=True)
class IndicatorWords:
    """What somebody wrote about an indicator; `condition` is a JSON tree.

    `key`: which indicator of the version before this is; None for a new one.
    """

    name: str
    condition: Tree
    note: str = ""
    key: UUID | None = None


def start_draft(*, by: Member | None, now: datetime) -> IndicatorList:
    """The draft of the next list; a new one begins as a copy of the published one."""
    with transaction.atomic():
        take_workspace()
        draft: IndicatorList | None = IndicatorList.objects.draft().first()
        if draft is not None:
            return draft
        published = IndicatorList.objects.published().first()
        terms = published.terms if published else {}
        made: IndicatorList = IndicatorList.objects.create(made_by=by, made_at=now, terms=terms)
        if published is not None:
            rows = published.indicators.order_by("position")
            Indicator.objects.bulk_create(_copied(row, made, key=row.key) for row in rows)
        return made


def discard_draft(draft: IndicatorList) -> None:
    """Throw the draft away; published lists stay as they are."""
    with transaction.atomic():
        hold_figures(lock_draft(draft))
        draft.delete()


def save_indicator(
    draft: IndicatorList, words: IndicatorWords, *, indicator_id: UUID | None = None
) -> Indicator:
    """Add one at the end of the draft, or change one; another condition forgets its figures."""
    with transaction.atomic():
        lock_draft(draft)
        found = draft.indicators.get(pk=indicator_id) if indicator_id else _appended(draft)
        others = draft.indicators.exclude(key=found.key)
        words = _checked(words, found.condition)
        _refuse_taken(words.name, list(others.values_list("name", flat=True)))
        if indicator_id and found.condition != words.condition:
            hold_figures(draft)
            IndicatorFigure.objects.filter(indicator=found).delete()
        found.name, found.note, found.condition = words.name, words.note, words.condition
        found.save()
        return found


def replace_indicators(draft: IndicatorList, indicators: Sequence[IndicatorWords]) -> None:
    """Make these the indicators of the draft, in this order.

    A `key` of the draft or of the published list goes on being that indicator; any other key is
    refused.
    """
    with transaction.atomic():
        lock_draft(draft)
        if len(indicators) > MOST_INDICATORS:
            _refuse_more()
        ours = Indicator.objects.exclude(list__state=VersionState.RETIRED)
        known = dict(ours.values_list("key", "condition"))
        _refuse_keys([each.key for each in indicators if each.key], set(known))
        checked = [_checked(each, known.get(each.key)) for each in indicators]
        for number, each in enumerate(checked):
            _refuse_taken(each.name, [before.name for before in checked[:number]])
        hold_figures(draft)
        draft.indicators.all().delete()
        Indicator.objects.bulk_create(
            _written(each, draft, position) for position, each in enumerate(checked)
        )


def duplicate_indicator(indicator: Indicator) -> Indicator:
    """The same indicator once more under another name, right below."""
    with transaction.atomic():
        draft = lock_draft(indicator.list)
        if draft.indicators.count() >= MOST_INDICATORS:
            _refuse_more()
        below = draft.indicators.filter(position__gt=indicator.position)
        below.update(position=F("position") + 1)
        copy = _copied(indicator, draft, key=uuid4())
        copy.position = indicator.position + 1
        copy.name = _free_name(indicator.name, set(draft.indicators.values_list("name", flat=True)))
        copy.save()
        return copy


def remove_indicator(indicator: Indicator) -> None:
    """Take an indicator out of the draft."""
    with transaction.atomic():
        hold_figures(lock_draft(indicator.list))
        indicator.delete()


def move_indicator(indicator: Indicator, *, up: bool) -> None:
    """One place up or down."""
    with transaction.atomic():
        draft = lock_draft(indicator.list)
        ordering.step(draft.indicators.all(), indicator, up=up)


def lock_draft(draft: IndicatorList) -> IndicatorList:
    """Hold the draft, and refuse if somebody has published it meanwhile."""
    sentence = _("This list is published and stays as it is; start a new draft to change it.")
    return hold_draft(draft, refusal=CannotChangeIndicators(sentence))


def hold_figures(of: IndicatorList) -> None:
    """Wait until nobody counts for this list; measurements are held before their figures."""
    list(of.measurements.select_for_update().order_by("pk"))


def _appended(draft: IndicatorList) -> Indicator:
    if draft.indicators.count() >= MOST_INDICATORS:
        _refuse_more()
    last = draft.indicators.aggregate(last=Max("position"))["last"]
    return Indicator(list=draft, key=uuid4(), position=0 if last is None else last + 1)


def _checked(words: IndicatorWords, stored: Tree | None) -> IndicatorWords:
    """As it is kept; segments that have retired may stay where they are asked about already."""
    name = normalising.plain_text(words.name, field="name", most=LONGEST_NAME)
    if not name:
        raise CannotSaveIndicator(_("Give the indicator a name."), field="name")
    note = normalising.plain_text(words.note, field="note", most=LONGEST_NOTE)
    condition = parse(words.condition, kept=uses.segments_named(stored or {}))
    if not list(condition.leaves()):
        raise CannotSaveIndicator(
            _("Say by what one knows it: add a test to the condition."), field="condition"
        )
    return replace(words, name=name, note=note)


def _refuse_taken(name: str, others: Sequence[str]) -> None:
    if name.casefold() in {each.casefold() for each in others}:
        raise CannotSaveIndicator(
            _("Another indicator of this list is called “%(name)s”; choose another name.")
            % {"name": name},
            field="name",
        )


def _refuse_keys(keys: Sequence[UUID], known: set[UUID]) -> None:
    strange = next((key for key in keys if key not in known), None)
    if strange is not None:
        raise CannotSaveIndicator(
            _("No indicator has the key %(key)s; leave it out for a new one.") % {"key": strange},
            field="indicators",
        )
    if len(set(keys)) < len(keys):
        raise CannotSaveIndicator(_("Each key can be there once."), field="indicators")


def _refuse_more() -> None:
    raise CannotSaveIndicator(
        _("A list has at most %(most)s indicators; take some out.") % {"most": MOST_INDICATORS}
    )


def _free_name(name: str, taken: set[str]) -> str:
    for number in range(1, MOST_INDICATORS + 2):
        copy = _("%(name)s (copy %(number)d)") % {"name": name[:80], "number": number}
        if copy not in taken:
            return copy
    raise LookupError("A list has fewer indicators than this.")


def _written(words: IndicatorWords, draft: IndicatorList, position: int) -> Indicator:
    return Indicator(
        list=draft,
        key=words.key or uuid4(),
        position=position,
        name=words.name,
        note=words.note,
        condition=words.condition,
    )


def _copied(indicator: Indicator, into: IndicatorList, *, key: UUID) -> Indicator:
    words = IndicatorWords(indicator.name, indicator.condition, indicator.note, key)
    return _written(words, into, indicator.position)
