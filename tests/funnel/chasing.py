"""What a worker that may die does in the test of overdue steps."""

from datetime import UTC, datetime

from funnel.jobs import tell_of_all_late_steps
from leadmgmt.kernel.events import Table

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)  # noon in Athens
TABLE: Table = {}


def work() -> None:
    """Tell of overdue steps, as the beat would have it."""
    tell_of_all_late_steps(NOW)
