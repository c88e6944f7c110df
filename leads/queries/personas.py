"""Personas: how many leads they match, and which one a lead matches."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from leads.models import Lead, Persona


@dataclass(frozen=True)
class PersonaRow:
    """A persona, how many leads it matches, and their share of all (None when there is none)."""

    persona: Persona
    size: int
    share: float | None


def persona_rows() -> list[PersonaRow]:
    """Personas in use, in their order."""
    in_use = Persona.objects.filter(retired_at=None).select_related("segment")
    return _rows(list(in_use.order_by("position", "pk")))


def retired_personas() -> list[Persona]:
    """Those that match nobody any more."""
    return list(Persona.objects.exclude(retired_at=None).order_by("name", "pk"))


def row_of(persona: Persona) -> PersonaRow:
    """One of them."""
    (row,) = _rows([persona])
    return row


def persona_of(lead: Lead) -> tuple[Persona, datetime] | None:
    """The first persona the lead matches, and since when."""
    matching: Any = Persona.objects.filter(
        retired_at=None,
        segment__memberships__lead=lead,
        segment__memberships__left_at=None,
    ).annotate(since=F("segment__memberships__entered_at"))
    found = matching.order_by("position", "pk").first()
    return (found, found.since) if found else None


def _rows(personas: list[Persona]) -> list[PersonaRow]:
    leads = Lead.objects.count() if personas else 0
    return [
        PersonaRow(each, _size(each), _size(each) / leads if leads else None) for each in personas
    ]


def _size(persona: Persona) -> int:
    return persona.segment.size if persona.segment else 0
