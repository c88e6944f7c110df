"""Facts the lead database announces; ids are ids of leads."""

from dataclasses import dataclass

from leadmgmt.kernel.events import Event


@dataclass(frozen=True)
class LeadsCreated(Event):
    """These leads are new. `is_quiet`: the import that made them asked that nothing fires."""

    is_quiet: bool = False


@dataclass(frozen=True)
class LeadsChanged(Event):
    """What these leads' profile says has changed."""

    is_quiet: bool = False


@dataclass(frozen=True)
class ActivitiesRecorded(Event):
    """These leads have new facts on their timeline."""

    is_quiet: bool = False
