"""Letters, tasks, files and consents in words; and what nobody has words for."""

from collections.abc import Callable
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from leadmgmt.ui import formatting
from leads.queries.privacy import source_in_words
from leads.telling.words import Said, joined, quoted, text


def letter(word: Any) -> Callable[[Said], str]:
    def title(said: Said) -> str:
        subject = text(said, "subject")
        return f"{word} “{subject}”" if subject else str(word)

    return title


def enrolled(said: Said) -> str:
    return quoted(said, "sequence", _("Entered the sequence “%(value)s”"), _("Entered a sequence"))


def training_sent(said: Said) -> str:
    title, told = _("Was sent “%(value)s” to learn from"), _("Was sent training content")
    return quoted(said, "training", title, told)


def merged(said: Said) -> str:
    if said.get("is_undone"):
        return quoted(said, "lead", _("Is not “%(value)s” after all"), _("A merge was undone"))
    return quoted(said, "lead", _("Was merged with “%(value)s”"), _("Was merged"))


def task(word: Any, promise: Any) -> Callable[[Said], str]:
    """`Promised: call with the offer`."""

    def title(said: Said) -> str:
        start = promise if said.get("is_promise") else word
        return f"{start}: {text(said, 'task', '?')}"

    return title


def task_given(said: Said) -> str:
    due = parse_datetime(text(said, "due_at"))
    until = _("due %(moment)s") % {"moment": formatting.moment(due)} if due else ""
    return joined(text(said, "assignee"), until, text(said, "note"))


def file_added(said: Said) -> str:
    return quoted(said, "file", _("Added the file %(value)s"), _("Added a file"))


def file_size(said: Said) -> str:
    size = said.get("size")
    return str(filesizeformat(size)) if isinstance(size, int) else ""


def agreed(said: Said) -> str:
    return quoted(said, "purpose", _("Gave consent to “%(value)s”"), _("Gave consent"))


def disagreed(said: Said) -> str:
    return quoted(said, "purpose", _("Withdrew consent to “%(value)s”"), _("Withdrew consent"))


def where_said(said: Said) -> str:
    return source_in_words(text(said, "source"))


def humble(said: Said) -> str:
    words = text(said, "kind").replace("_", " ").replace(".", " ").strip()
    return words[:1].upper() + words[1:]


def everything(said: Said) -> str:
    own = {name: value for name, value in said.items() if name not in ("kind", "currency")}
    plain = [
        f"{name}: {value}" for name, value in own.items() if not isinstance(value, dict | list)
    ]
    return ", ".join(plain)
