"""What the SLA tells about cycles that are being closed."""

from collections.abc import Sequence

from funnel.cycles import Closing
from funnel.queries.archiving import Told, grouped, ids_of
from sla.models import Clock


def tell_clocks(closings: Sequence[Closing]) -> Told:
    """First responses promised in the cycle, and whether they came in time."""
    cycles = {each.lead_id: each for each in closings}
    clocks = Clock.objects.filter(lead_id__in=ids_of(closings)).select_related("policy")
    return grouped(
        (clock.lead_id, _told(clock))
        for clock in clocks.order_by("started_at", "id")
        if cycles[clock.lead_id].has(clock.started_at)
    )


def _told(clock: Clock) -> dict[str, object]:
    return {
        "policy": clock.policy.version,
        "started_at": clock.started_at.isoformat(),
        "due_at": clock.due_at.isoformat(),
        "stopped_at": clock.stopped_at.isoformat() if clock.stopped_at else None,
        "is_missed": clock.breached_at is not None,
        "outcome": clock.outcome,
    }
