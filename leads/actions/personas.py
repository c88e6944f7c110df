"""Personas: the sheets about the customers we look for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from leadmgmt.kernel import ordering
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.strict import refuse_unfit_text
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.actions.segments import create_segment
from leads.models import Persona, Segment, SegmentKind

NAME_TAKEN = "persona_once"
FEWEST_REASONS, MOST_REASONS = 3, 5
LONGEST_REASON = 200

TEXTS = {
    "whom": 2_000,
    "job": 2_000,
    "place": 2_000,
    "why": 2_000,
    "goals": 2_000,
    "needs": 2_000,
    "pains": 2_000,
    "story": 5_000,
}


class CannotSavePersona(Refusal):
    """No name, one that is taken, not three to five reasons, or a text that is too long."""


def save_persona(
    persona: Persona,
    *,
    facts: Mapping[str, Any],
    segment: Segment | None = None,
    condition: dict[str, Any] | None = None,
    by: Member | None,
    now: datetime,
) -> Persona:
    """Write a new or a changed sheet: `facts` are its columns.

    Whom it recognises is a live `segment`; a `condition` instead makes one of the persona's name.
    Refuses another number of reasons than three to five.
    """
    with transaction.atomic():
        is_new = persona._state.adding
        _set(persona, facts)
        if condition:
            segment = _recognising(persona, condition, by=by, now=now)
        persona.segment = _live(segment) if segment else None
        persona.changed_at = now
        if is_new:
            persona.position = _last() + 1
        _save(persona)
    return persona


def retire_persona(persona: Persona, *, now: datetime) -> None:
    """Match no lead with it any more; the sheet is kept."""
    Persona.objects.filter(pk=persona.pk, retired_at=None).update(retired_at=now)


def restore_persona(persona: Persona) -> None:
    """Match leads with it again, behind all others."""
    Persona.objects.filter(pk=persona.pk).update(retired_at=None, position=_last() + 1)


def move_persona(persona: Persona, *, up: bool) -> None:
    """Before its neighbour, or behind: where a lead fits several, the first one counts."""
    with transaction.atomic():
        in_use = Persona.objects.filter(retired_at=None)
        ordering.step(in_use.select_for_update(), persona, up=up)


def _set(persona: Persona, facts: Mapping[str, Any]) -> None:
    persona.name = normalising.plain_text(facts["name"], field="name", most=120)
    if not persona.name:
        raise CannotSavePersona(_("Give the persona a name."), field="name")
    for field, most in TEXTS.items():
        setattr(persona, field, _text(facts.get(field, ""), field, most))
    persona.reasons = _reasons(facts.get("reasons", ()))


def _text(value: str, field: str, most: int) -> str:
    refuse_unfit_text(value, field=field)
    text = value.strip()
    if len(text) > most:
        raise CannotSavePersona(
            _("The text has %(length)d characters; %(field)s takes at most %(most)d.")
            % {"length": len(text), "field": field, "most": most},
            field=field,
        )
    return text


def _reasons(given: Sequence[str]) -> list[str]:
    lines = [normalising.plain_text(each, field="reasons", most=LONGEST_REASON) for each in given]
    reasons = [line for line in lines if line]
    if not FEWEST_REASONS <= len(reasons) <= MOST_REASONS:
        raise CannotSavePersona(
            _("Give three to five reasons to buy from us, one in each line; here are %(count)d.")
            % {"count": len(reasons)},
            field="reasons",
        )
    return reasons


def _recognising(
    persona: Persona, condition: dict[str, Any], *, by: Member | None, now: datetime
) -> Segment:
    name = persona.name
    if Segment.objects.filter(name=name).exists():
        name = _("%(name)s (persona)") % {"name": name[:100]}
    about = _("Whom the persona “%(name)s” recognises.") % {"name": persona.name}
    return create_segment(name=name, description=about, condition=condition, by=by, now=now)


def _live(segment: Segment) -> Segment:
    if segment.kind != SegmentKind.LIVE or segment.retired_at is not None:
        raise CannotSavePersona(
            _("“%(name)s” is no live segment in use; a persona recognises people by one.")
            % {"name": segment.name},
            field="segment",
        )
    return segment


def _save(persona: Persona) -> None:
    try:
        with transaction.atomic():
            persona.save()
    except IntegrityError as problem:
        if NAME_TAKEN not in str(problem):
            raise
        raise CannotSavePersona(
            _("Another persona is called “%s”; choose another name.") % persona.name, field="name"
        ) from problem


def _last() -> int:
    last = Persona.objects.aggregate(last=Max("position"))["last"]
    return -1 if last is None else int(last)
