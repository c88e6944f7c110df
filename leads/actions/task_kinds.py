"""Deciding what tasks are about: the usual kinds, and a firm's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.kernel.refusals import Refusal
from leads import normalising
from leads.models import TaskKind

MOST_KINDS = 50
MOST_HOURS = 24 * 365


class CannotSaveTaskKind(Refusal):
    """A name that is missing or taken, or hours out of range."""


@dataclass(frozen=True)
class KindFacts:
    """What a kind says about its tasks; hours as in TaskKind, None for never."""

    name: Any  # may be translated late
    is_promise: bool = False
    due_hours: int = 24
    remind_hours: int | None = 1
    escalate_hours: int | None = 24


USUAL = (
    KindFacts(gettext_lazy("Open demo access"), True, 24, 2, 4),
    KindFacts(gettext_lazy("Call with the offer"), True, 48, 1, 4),
    KindFacts(gettext_lazy("Send material"), True, 24, 2, 8),
    KindFacts(gettext_lazy("Call"), False, 24, 1, 24),
    KindFacts(gettext_lazy("Email"), False, 24, None, 24),
    KindFacts(gettext_lazy("To do"), False, 72, None, None),
)
"""What a new workspace starts with; migration 0012 gave it to those that were there before."""


def start_task_kinds() -> None:
    """Give a new workspace the usual kinds, in its language."""
    for position, facts in enumerate(USUAL):
        values = {**facts.__dict__, "name": str(facts.name)}
        TaskKind.objects.get_or_create(
            name=values.pop("name"), defaults={**values, "position": position}
        )


def save_task_kind(kind: TaskKind, *, facts: KindFacts) -> TaskKind:
    """Add a kind, or change one; tasks that are there keep their times.

    Refuses a name that is missing or another kind's, and hours out of range.
    """
    name = normalising.plain_text(facts.name, field="name", most=80)
    if not name:
        raise CannotSaveTaskKind(_("A kind of task needs a name."), field="name")
    _refuse_wrong_hours(facts)
    if kind._state.adding:
        kind.position = _next_position()
    for field, value in {**facts.__dict__, "name": name}.items():
        setattr(kind, field, value)
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError as problem:
        sentence = _("Another kind of task is called “%s” already, perhaps a retired one.")
        raise CannotSaveTaskKind(sentence % name, field="name") from problem
    return kind


def retire_task_kind(kind: TaskKind, *, now: datetime) -> None:
    """Offer it no more; its tasks stay and are still to be done."""
    kind.retired_at = now
    kind.save(update_fields=["retired_at"])


def restore_task_kind(kind: TaskKind) -> None:
    """Offer it again."""
    kind.retired_at = None
    kind.save(update_fields=["retired_at"])


def _refuse_wrong_hours(facts: KindFacts) -> None:
    for field in ("due_hours", "remind_hours", "escalate_hours"):
        hours = getattr(facts, field)
        if hours is not None and not 0 <= hours <= MOST_HOURS:
            sentence = _("%(hours)d hours are out of range; allowed are 0 to %(most)d, a year.")
            told = {"hours": hours, "most": MOST_HOURS}
            raise CannotSaveTaskKind(sentence % told, field=field)


def _next_position() -> int:
    if TaskKind.objects.count() >= MOST_KINDS:
        sentence = _("A workspace has at most %d kinds of task; change one that is retired.")
        raise CannotSaveTaskKind(sentence % MOST_KINDS)
    last = TaskKind.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1
