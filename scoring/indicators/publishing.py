"""From draft to the list that holds: published, its segments kept, its figures asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.actions.versions import checked_reason, put_in_force
from leadmgmt.workspaces.models import Member
from leads.actions.segments import change_segment, create_segment, restore_segment, retire_segment
from leads.models import Segment
from scoring.indicators import KEEPER
from scoring.indicators.drafting import lock_draft
from scoring.indicators.measuring import start_measurement
from scoring.models import Indicator, IndicatorList


class CannotPublishIndicators(Refusal):
    """The draft is empty, or the reason is missing."""


def publish_list(
    draft: IndicatorList, *, by: Member | None, reason: str, now: datetime
) -> IndicatorList:
    """Make the draft the list that holds, with a number, for ever as it is.

    Who has which indicator is found in the background, and so are the win rates; nothing fires for
    those who are found. Refuses a draft without indicators, and no reason.
    """
    with transaction.atomic():
        draft = lock_draft(draft)
        indicators = list(draft.indicators.order_by("position", "id"))
        reason = _refuse_unready(indicators, reason)
        before = put_in_force(draft, by=by, reason=reason, now=now)
        _keep_segments(indicators, _segments_of(before), by=by, now=now)
        start_measurement(draft, now=now)
        return draft


def segment_name(indicator: Indicator) -> str:
    """What its segment is called where one chooses segments."""
    return _("Indicator: %(name)s") % {"name": indicator.name}


def _refuse_unready(indicators: Sequence[Indicator], reason: str) -> str:
    reason = checked_reason(
        reason,
        CannotPublishIndicators,
        missing=_("Say why the list changes; it stays among its versions."),
    )
    if not indicators:
        raise CannotPublishIndicators(_("A list needs at least one indicator; add one first."))
    return reason


def _segments_of(before: IndicatorList | None) -> Mapping[UUID, Segment]:
    """The segments of the indicators that held until now, by their keys."""
    if before is None:
        return {}
    rows = before.indicators.exclude(segment=None).select_related("segment")
    return {each.key: each.segment for each in rows}


def _keep_segments(
    indicators: Sequence[Indicator],
    before: Mapping[UUID, Segment],
    *,
    by: Member | None,
    now: datetime,
) -> None:
    """A live segment for each indicator; those of indicators that are gone retire."""
    keys = {each.key for each in indicators}
    for key, segment in before.items():
        if key not in keys:
            retire_segment(segment, now=now, keeper=KEEPER)
    _free_names(indicators, before)
    for each in indicators:
        found = before.get(each.key) or _retired_namesake(each)
        each.segment = _kept(each, found, by=by, now=now)
    Indicator.objects.bulk_update(indicators, ["segment"])


def _free_names(indicators: Sequence[Indicator], before: Mapping[UUID, Segment]) -> None:
    """Indicators may have swapped their names: what is renamed gives its old name free first."""
    for each in indicators:
        segment = before.get(each.key)
        if segment is not None and segment.name != segment_name(each):
            Segment.objects.filter(pk=segment.pk).update(name=f"{KEEPER} {segment.pk}")


def _retired_namesake(indicator: Indicator) -> Segment | None:
    """An indicator comes back: so do its segment and who was in it when."""
    found: Segment | None = (
        Segment.objects.filter(keeper=KEEPER, name=segment_name(indicator))
        .exclude(retired_at=None)
        .first()
    )
    return found


def _kept(
    indicator: Indicator, found: Segment | None, *, by: Member | None, now: datetime
) -> Segment:
    name, condition = segment_name(indicator), indicator.condition
    note = indicator.note
    if found is None:
        return create_segment(
            name=name, description=note, condition=condition, by=by, now=now, keeper=KEEPER
        )
    if (found.name, found.description, found.condition) != (name, note, condition):
        change_segment(
            found, name=name, description=note, condition=condition, now=now, keeper=KEEPER
        )
    if found.retired_at is not None:
        restore_segment(found, now=now, keeper=KEEPER)
    return found
