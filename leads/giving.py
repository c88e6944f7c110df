"""Giving files out, as something no browser draws or runs."""

from django.http import FileResponse

from leads import storing
from leads.models import Attachment


def given_out(file: Attachment) -> FileResponse | None:
    """The bytes, to be kept under the file's name; None when they are lost."""
    content = storing.opened(file.path)
    if content is None:
        return None
    answer = FileResponse(
        content, as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
