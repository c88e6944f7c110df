"""Questions about privacy: what one person allows us, and what they were asked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.models import Consent, Lead, Purpose

SOURCES = {
    "phone": _("Phone"),
    "email": _("Email"),
    "paper": _("Paper form"),
    "in_person": _("In person"),
    "website": _("Website"),
    "import": _("Import"),
}
"""Where consent is usually said, in words; an integration may name others."""

ASKABLE = ("phone", "email", "paper", "in_person", "website")
"""What a member can choose by hand."""


@dataclass(frozen=True)
class Answer:
    """What a lead says about one purpose: the newest answer counts, the others are history."""

    purpose: Purpose
    history: Sequence[Consent]

    @property
    def newest(self) -> Consent | None:
        """The one that counts; None when they were never asked."""
        return self.history[0] if self.history else None


def answers_of(lead: Lead) -> list[Answer]:
    """By purpose, those in use first; a retired purpose only if the lead has said something."""
    said: dict[Any, list[Consent]] = defaultdict(list)
    consents = Consent.objects.filter(lead=lead).select_related("by")
    for consent in consents.order_by("-occurred_at", "-id"):
        consent.where = source_in_words(consent.source)
        said[consent.purpose_id].append(consent)
    purposes = sorted(
        Purpose.objects.all(), key=lambda each: (bool(each.retired_at), each.position)
    )
    return [
        Answer(each, said[each.pk]) for each in purposes if not each.retired_at or said[each.pk]
    ]


def source_in_words(source: str) -> str:
    """How a source reads; what we do not know is shown as it came."""
    return str(SOURCES.get(source, source))


def consents_panel(lead: Lead) -> dict[str, Any] | None:
    """What the lead allows, for its page; None when the workspace asks for nothing."""
    answers = answers_of(lead)
    sources = [(key, SOURCES[key]) for key in ASKABLE]
    return {"answers": answers, "sources": sources} if answers else None
