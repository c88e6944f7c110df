"""Where files on leads and companies keep their bytes: in the default storage, by workspace.

Nothing in it has an address on the web; files are given out by a view alone.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from leadmgmt.kernel.context import current_workspace_id

FOLDER = "attachments"


def keep(id: UUID, content: "File[Any]") -> str:
    """Store the bytes of the attachment `id`; where they are."""
    return str(default_storage.save(f"{_folder()}/{id}", content))


def opened(path: str) -> "File[Any] | None":
    """The bytes, to be read; None when they are lost."""
    try:
        return default_storage.open(path, "rb")
    except FileNotFoundError:
        return None


def forget(path: str) -> None:
    """Delete the bytes; no matter if they are gone already."""
    default_storage.delete(path)


def stored_before(moment: datetime) -> Iterator[str]:
    """Where bytes of the current workspace are that were stored before a moment."""
    try:
        _folders, names = default_storage.listdir(_folder())
    except FileNotFoundError:
        return
    for name in names:
        path = f"{_folder()}/{name}"
        if default_storage.get_modified_time(path) < moment:
            yield path


def _folder() -> str:
    return f"{current_workspace_id()}/{FOLDER}"


def workspaces() -> list[UUID]:
    """Those that have stored anything."""
    try:
        folders, _names = default_storage.listdir("")
    except FileNotFoundError:
        return []
    return [UUID(each) for each in folders if _is_id(each)]


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
