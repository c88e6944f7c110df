"""What visitors do on the site becomes activities."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from capture.intake import Batch, Happening
from capture.touches import LONGEST, Touch, split_safely, touch_of
from leads.actions.activities import NewActivity, record_activities
from leads.actions.meeting import NewVisitor, meet_visitors
from leads.kinds import Kind
from leads.models import Campaign


def record_happenings(batch: Batch, *, is_machine: bool, now: datetime) -> int:
    """Put one browser's batch on record; the number of activities that were new.

    A batch sent twice is recorded once. The first visit says where the visitor came from.
    """
    touches = [touch_of(event.url, event.referrer) for event in batch.events]
    with transaction.atomic():
        campaigns = campaigns_by_key(touch.campaign_key for touch in touches)
        visitor_id = _meet(batch, touches[0], campaigns, now)
        rows = [
            _activity(event, touch, visitor_id, campaigns, is_machine=is_machine, now=now)
            for event, touch in zip(batch.events, touches, strict=True)
        ]
        return record_activities(rows, now=now).count


def campaigns_by_key(keys: Iterable[str]) -> dict[str, UUID]:
    """Ids of the campaigns that `utm_campaign` values name, whatever their case; none: no query."""
    wanted = {key.lower(): key for key in keys if key}
    if not wanted:
        return {}
    spellings = {*wanted, *wanted.values()}
    found = Campaign.objects.filter(key__in=spellings).values_list("key", "id")
    return {key.lower(): campaign_id for key, campaign_id in found}


def _meet(batch: Batch, touch: Touch, campaigns: dict[str, UUID], now: datetime) -> UUID:
    first_seen_at = now - timedelta(seconds=max(event.age for event in batch.events))
    visitor = NewVisitor(
        token=batch.visitor,
        source=touch.source,
        medium=touch.medium,
        campaign_id=campaigns.get(touch.campaign_key.lower()),
        first_seen_at=first_seen_at,
    )
    return meet_visitors([visitor])[batch.visitor]


def _activity(
    event: Happening,
    touch: Touch,
    visitor_id: UUID,
    campaigns: dict[str, UUID],
    *,
    is_machine: bool,
    now: datetime,
) -> NewActivity:
    is_visit = event.kind == "visit"
    return NewActivity(
        kind=Kind(event.kind),
        occurred_at=now - timedelta(seconds=event.age),
        visitor_id=visitor_id,
        campaign_id=campaigns.get(touch.campaign_key.lower()) if is_visit else None,
        source=touch.source if is_visit else "",
        medium=touch.medium if is_visit else "",
        properties=_properties(event, touch),
        key=f"{event.kind}:{event.key}",
        is_machine=is_machine,
    )


def _properties(event: Happening, touch: Touch) -> dict[str, Any]:
    """Only what is known; an activity with twenty empty properties tells nothing."""
    address = split_safely(event.url)
    found: dict[str, Any] = {
        "path": address.path or "/",
        "host": (address.hostname or "")[:LONGEST],
        "title": event.title,
        "referrer": event.referrer,
        "seconds": round(event.seconds, 1),
    }
    if event.kind == "visit":
        found |= touch.marks
    return {name: value for name, value in found.items() if value}
