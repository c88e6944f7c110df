"""Facts the SLA announces; ids are ids of leads."""

from dataclasses import dataclass

from leadmgmt.kernel.events import Event


@dataclass(frozen=True)
class DeadlinesMissed(Event):
    """Nobody answered these leads in time."""
