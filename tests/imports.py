"""Bringing files in, in few words."""

from typing import Any

from django.utils import timezone

from capture.actions.importing import settle_import, start_import
from capture.actions.mapping import Settings
from capture.actions.uploading import upload_import
from capture.models import Import
from leadmgmt.workspaces.models import Member
from tests.clients import drain


def an_upload(by: Member, text: str | bytes, name: str = "people.csv") -> Import:
    """A file, read and not yet started."""
    data = text.encode() if isinstance(text, str) else text
    return upload_import(name, [data], by=by, now=timezone.now())


def settled(made: Import, **given: Any) -> Import:
    """The same with some settings changed."""
    names = ("mapping", "identity", "unknown_words", "known", "date_order", "uses")
    told = {name: getattr(made, name) for name in names} | given
    return settle_import(made.pk, Settings(**told))


def run(made: Import) -> Import:
    """Started, and done by the workers."""
    start_import(made.pk, by=made.by, now=timezone.now())
    return moved(made)


def moved(made: Import) -> Import:
    """As it is once the workers have done what there was to do."""
    drain()
    made.refresh_from_db()
    return made


def an_import(by: Member, text: str | bytes, **given: Any) -> Import:
    """A file from upload to result."""
    return run(settled(an_upload(by, text), **given))
