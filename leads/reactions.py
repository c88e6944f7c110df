"""What the lead database does when something happened in it."""

from django.utils import timezone

from leads.actions.duplicates import find_duplicates, search_on
from leads.events import LeadsChanged, LeadsCreated, SearchesMoved


def look_for_doubles(event: LeadsCreated | LeadsChanged) -> None:
    """Somebody new, or known better now, may be somebody we know."""
    find_duplicates(event.ids, now=timezone.now())


def search_further(event: SearchesMoved) -> None:
    """A search among all leads that has more to do goes on."""
    for cursor in event.ids:
        search_on(cursor, now=timezone.now())
