"""What a worker that may die does in the test of reminders."""

from datetime import UTC, datetime

from funnel.jobs import remind_of_all_renewals
from leadmgmt.kernel.events import Table

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)  # noon in Athens
TABLE: Table = {}


def work() -> None:
    """Remind of renewals, as the beat would have it."""
    remind_of_all_renewals(NOW)
