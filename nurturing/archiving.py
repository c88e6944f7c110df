"""What nurturing tells about cycles that are being closed."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q

from funnel.cycles import Closing
from funnel.queries.archiving import Told, grouped, ids_of
from nurturing.models import Enrolment


def tell_enrolments(closings: Sequence[Closing]) -> Told:
    """Sequences begun in the cycle, and how many emails were sent."""
    cycles = {each.lead_id: each for each in closings}
    rows = Enrolment.objects.filter(lead_id__in=ids_of(closings)).select_related("sequence")
    rows = rows.annotate(sent=Count("messages", filter=Q(messages__sent_at__isnull=False)))
    return grouped(
        (row.lead_id, _told(row))
        for row in rows.order_by("enrolled_at", "id")
        if cycles[row.lead_id].has(row.enrolled_at)
    )


def _told(row: Any) -> dict[str, object]:
    return {
        "sequence": row.sequence.name,
        "enrolled_at": row.enrolled_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "state": row.state,
        "sent": row.sent,
    }
