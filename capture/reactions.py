"""What capture does when something has happened."""

from django.utils import timezone

from capture.actions.importing import move_import
from capture.events import ImportsMoved


def import_next_chunks(event: ImportsMoved) -> None:
    """The next piece of each import; each says again that it has moved, until it rests."""
    for import_id in event.ids:
        move_import(import_id, now=timezone.now())
