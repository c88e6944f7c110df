"""Facts the lead database announces; ids are ids of leads, unless it says otherwise."""

from dataclasses import dataclass

from leadmgmt.kernel.events import Event


@dataclass(frozen=True)
class LeadsCreated(Event):
    """These leads are new. `is_quiet`: the import that made them asked that nothing fires."""

    is_quiet: bool = False


@dataclass(frozen=True)
class LeadsRemoved(Event):
    """These leads are taken out, with all that hung on them; perhaps they come back.

    Their parcels (RemovedLead) tell what they were. When they are put back, they are announced
    as quietly created.
    """


@dataclass(frozen=True)
class LeadsPutBack(Event):
    """These leads were taken out, and are back with all that hung on them."""


@dataclass(frozen=True)
class LeadsChanged(Event):
    """What these leads' profile says has changed."""

    is_quiet: bool = False


@dataclass(frozen=True)
class SearchesMoved(Event):
    """A search for duplicates among all leads has come as far as this lead."""


@dataclass(frozen=True)
class BulkActionsMoved(Event):
    """These bulk actions (their ids) have begun, or are one chunk further, and go on."""


@dataclass(frozen=True)
class ActivitiesRecorded(Event):
    """These leads have new facts on their timeline, or facts that count differently now.

    `since_day`: the facts concerned happened on this day (UTC, ISO) or later; "" when any fact of
    these leads may be concerned. Who remembers facts by day need not look further back.
    `is_verdict`: nothing happened; facts turned out to be a machine's, or a person's after all.
    """

    is_quiet: bool = False
    since_day: str = ""
    is_verdict: bool = False


@dataclass(frozen=True)
class StandingsChanged(Event):
    """Lists show these leads elsewhere: another stage, score, class or owner.

    `fields`: what changed, as conditions name it, with commas between; also what is lent to
    conditions (`leads.lending`). `is_quiet`: a model was published, and nothing is to fire.
    """

    fields: str = ""
    is_quiet: bool = False


@dataclass(frozen=True)
class OwnersChanged(Event):
    """These leads have another owner, or none; their profile is what it was.

    StandingsChanged says so too: this one is for whoever works with owners, such as the queue.
    """


@dataclass(frozen=True)
class CompaniesChanged(Event):
    """What we know of these companies (ids of companies) has changed; their people have not.

    `fields`: what changed, as conditions name it, with commas between; "" when it may be any.
    """

    is_quiet: bool = False
    fields: str = ""


@dataclass(frozen=True)
class TagsChanged(Event):
    """These leads wear other tags."""


@dataclass(frozen=True)
class ConsentsChanged(Event):
    """These leads gave or withdrew consent for something."""

    is_quiet: bool = False


@dataclass(frozen=True)
class SegmentsEntered(Event):
    """These leads are in the segment (its id) now, and were not before.

    `is_quiet`: nobody did anything; somebody wrote the segment's condition, or whatever changed
    was recorded so that nothing fires.
    """

    segment: str = ""
    is_quiet: bool = False


@dataclass(frozen=True)
class SegmentsLeft(Event):
    """These leads were in the segment (its id), and are not now."""

    segment: str = ""
    is_quiet: bool = False


@dataclass(frozen=True)
class SegmentsAdvanced(Event):
    """These segments (ids of segments) have more leads to ask, or have just been asked for."""
