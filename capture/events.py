"""Facts capture announces; ids are ids of what the event's name says."""

from dataclasses import dataclass

from leadmgmt.kernel.events import Event


@dataclass(frozen=True)
class ImportsMoved(Event):
    """These imports have started, or are one chunk further, and have rows left."""


@dataclass(frozen=True)
class FormsSubmitted(Event):
    """These leads have sent the form with the id `form`, and it was no spam."""

    form: str = ""
