"""Training content: what there is to give to customers, at an address or as a file of ours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from funnel.care.catalogue import CannotSaveCare, refuse_beyond, refuse_unknown, write
from funnel.models import ContentKind, OnboardingStep, TrainingContent
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.strict import refuse_unfit_text
from leads import normalising
from leads.actions.files import LARGEST, MEGABYTE, clean_name

MOST_MINUTES = 6_000
MOST_CONTENTS = 500
LONGEST_TITLE, LONGEST_ADDRESS = 200, 2_000


def add_content(
    *,
    title: str,
    kind: str = ContentKind.ARTICLE,
    address: str = "",
    minutes: int | None = None,
    step: OnboardingStep | None = None,
    file: "File[Any] | None" = None,
) -> TrainingContent:
    """One more thing to learn from; it needs an address on the web or a file, not both.

    Refuses a title that is missing or taken, addresses that are none, files above 25 MB.
    """
    if TrainingContent.objects.count() >= MOST_CONTENTS:
        sentence = _("There is training content of %d kinds already; change what is retired.")
        raise CannotSaveCare(sentence % MOST_CONTENTS)
    values = {"title": title, "kind": kind, "address": address, "minutes": minutes, "step": step}
    content = TrainingContent()
    _save(content, values, file)
    return content


def change_content(
    content: TrainingContent, *, changes: Mapping[str, Any], file: "File[Any] | None" = None
) -> None:
    """Change what is named; a `file` takes the place of the address, and an address that of it.

    Who was given it gets it as it is now.
    """
    with transaction.atomic():
        old = _held_file(content)
        _save(content, changes, file)
        if old and content.file_path != old:
            transaction.on_commit(lambda: default_storage.delete(old))


def _held_file(content: TrainingContent) -> str:
    """Where its file is now; one change at a time, so that no bytes are left that nobody knows."""
    held = TrainingContent.objects.select_for_update(no_key=True).get(pk=content.pk)
    content.file_path = held.file_path
    return str(held.file_path)


def retire_content(content: TrainingContent, *, now: datetime) -> None:
    """Give it to nobody else; who has it keeps it."""
    TrainingContent.objects.in_use().filter(pk=content.pk).update(retired_at=now)


def restore_content(content: TrainingContent) -> None:
    """Offer it again."""
    TrainingContent.objects.filter(pk=content.pk).update(retired_at=None)


def opened_file(content: TrainingContent) -> "File[Any] | None":
    """The bytes of its file, to be read; None without any."""
    try:
        return default_storage.open(content.file_path, "rb") if content.file_path else None
    except FileNotFoundError:
        return None


def _save(content: TrainingContent, values: Mapping[str, Any], file: "File[Any] | None") -> None:
    made = _sound(values)
    if file is None:
        if made.get("address"):
            made |= {"file_name": "", "file_path": ""}
        elif "address" in made and not content.file_path:
            sentence = _("Give the address where it is found, or a file.")
            raise CannotSaveCare(sentence, field="address")
        write(content, made)
        return
    _refuse_both(made, file)
    path = str(default_storage.save(f"{current_workspace_id()}/training/{new_id()}", file))
    try:
        write(content, made | _of_file(file, path))
    except BaseException:
        default_storage.delete(path)
        raise


def _of_file(file: "File[Any]", path: str) -> dict[str, Any]:
    return {"address": "", "file_name": clean_name(file.name or ""), "file_path": path}


def _refuse_both(made: Mapping[str, Any], file: "File[Any]") -> None:
    if made.get("address"):
        raise CannotSaveCare(_("Give an address or a file, not both."), field="address")
    if not 0 < file.size <= LARGEST:
        sentence = _("The file is empty or above %d MB, which is the most we take.")
        raise CannotSaveCare(sentence % (LARGEST // MEGABYTE), field="file")


def _sound(values: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(values)
    if "title" in made:
        made["title"] = normalising.plain_text(made["title"], field="title", most=LONGEST_TITLE)
        if not made["title"]:
            raise CannotSaveCare(_("Training content needs a title."), field="title")
    if "kind" in made:
        refuse_unknown("kind", made["kind"], ContentKind)
    if "address" in made:
        made["address"] = _address(made["address"])
    refuse_beyond("minutes", made.get("minutes"), 1, MOST_MINUTES)
    return made


def _address(text: str) -> str:
    refuse_unfit_text(text, field="address")
    text = text.strip()
    if text and not is_of_web(text):
        sentence = _(
            "“%s” is no address of the web; write it like https://example.com/first-steps."
        )
        raise CannotSaveCare(sentence % text[:60], field="address")
    return text


def is_of_web(text: str) -> bool:
    """May somebody be sent there? Only http and https, with a host."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    is_short = len(text) <= LONGEST_ADDRESS and text.isprintable() and " " not in text
    return parts.scheme in ("http", "https") and bool(host) and is_short
