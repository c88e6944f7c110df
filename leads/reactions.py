"""What the lead database does when something happened in it, or below."""

from django.utils import timezone

from leadmgmt.kernel.events import Event
from leadmgmt.workspaces.events import TimeZonesChanged, WorkspacesCreated
from leads.actions.building import advance_segments, days_begin_elsewhere
from leads.actions.bulk import move_bulk
from leads.actions.duplicates import find_duplicates, search_on
from leads.actions.keeping import keep_segments, recount
from leads.actions.task_kinds import start_task_kinds
from leads.conditions import NEW_LEADS, changes_of
from leads.events import (
    ActivitiesRecorded,
    BulkActionsMoved,
    CompaniesChanged,
    ConsentsChanged,
    LeadsChanged,
    LeadsCreated,
    LeadsPutBack,
    LeadsRemoved,
    SearchesMoved,
    SegmentsAdvanced,
    StandingsChanged,
    TagsChanged,
)
from leads.queries.segments import kept_instead_of, people_of


def offer_task_kinds(event: WorkspacesCreated) -> None:
    """A new workspace has the usual promises and tasks to choose from."""
    start_task_kinds()


def look_for_doubles(event: LeadsCreated | LeadsChanged) -> None:
    """Somebody new, or known better now, may be somebody we know."""
    find_duplicates(event.ids, now=timezone.now())


def search_further(event: SearchesMoved) -> None:
    """A search among all leads that has more to do goes on."""
    for cursor in event.ids:
        search_on(cursor, now=timezone.now())


# Segments are kept by one reaction each: the outbox knows an event by the name of its reaction.


def keep_created(event: LeadsCreated) -> None:
    """New leads belong to segments."""
    _keep(event, is_quiet=event.is_quiet)


def keep_changed(event: LeadsChanged) -> None:
    """Other profiles, other segments."""
    _keep(event, is_quiet=event.is_quiet)


def keep_active(event: ActivitiesRecorded) -> None:
    """New facts, other segments."""
    _keep(event, is_quiet=event.is_quiet)


def keep_standing(event: StandingsChanged) -> None:
    """Another stage, score or owner, other segments."""
    _keep(event, is_quiet=event.is_quiet)


def keep_tagged(event: TagsChanged) -> None:
    """Other tags, other segments."""
    _keep(event)


def keep_agreeing(event: ConsentsChanged) -> None:
    """Other answers about consent, other segments."""
    _keep(event, is_quiet=event.is_quiet)


def keep_employed(event: CompaniesChanged) -> None:
    """Segments that ask about companies ask their people."""
    people, now = people_of(event.ids), timezone.now()
    keep_segments(people, *changes_of(event), now=now, is_quiet=event.is_quiet)


def count_without_removed(event: LeadsRemoved) -> None:
    """Whoever is gone is in no segment; a lead that was merged has left its rows to another."""
    keep_segments(kept_instead_of(event.ids), NEW_LEADS, now=timezone.now())
    recount()


def count_with_put_back(event: LeadsPutBack) -> None:
    """Whoever is back is in the segments of then; the lead it was merged with has lost rows."""
    keep_segments(kept_instead_of(event.ids), NEW_LEADS, now=timezone.now(), is_quiet=True)
    recount()


def ask_further(event: SegmentsAdvanced) -> None:
    """A segment with more leads to ask goes on."""
    advance_segments(event.ids, now=timezone.now())


def move_days(event: TimeZonesChanged) -> None:
    """Days begin elsewhere now."""
    days_begin_elsewhere(now=timezone.now())


def _keep(event: Event, *, is_quiet: bool = False) -> None:
    keep_segments(event.ids, *changes_of(event), now=timezone.now(), is_quiet=is_quiet)


def act_further(event: BulkActionsMoved) -> None:
    """The next chunk of each bulk action; each says again that it has moved, until it rests."""
    for bulk_id in event.ids:
        move_bulk(bulk_id, now=timezone.now())
