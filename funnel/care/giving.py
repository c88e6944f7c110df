"""The bytes of training content, as they leave the house."""

from django.http import FileResponse

from funnel.care.contents import opened_file
from funnel.models import TrainingContent


def given_out(content: TrainingContent) -> FileResponse | None:
    """Its file under its name, as something no browser draws or runs; None without any."""
    found = opened_file(content)
    if found is None:
        return None
    kind = "application/octet-stream"
    answer = FileResponse(found, as_attachment=True, filename=content.file_name, content_type=kind)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
