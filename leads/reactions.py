"""What the lead database does when something happened in it, or below."""

from django.utils import timezone

from leadmgmt.workspaces.events import WorkspacesCreated
from leads.actions.duplicates import find_duplicates, search_on
from leads.actions.task_kinds import start_task_kinds
from leads.events import LeadsChanged, LeadsCreated, SearchesMoved


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
