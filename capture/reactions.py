"""What capture does when something has happened."""

from django.utils import timezone

from capture.actions.importing import import_chunk
from capture.events import ImportsMoved


def import_next_chunks(event: ImportsMoved) -> None:
    """One more chunk of each import; each says again that it has moved, until it is done."""
    for import_id in event.ids:
        import_chunk(import_id, now=timezone.now())
