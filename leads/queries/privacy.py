"""Questions about privacy: what one person allows us, and what they were asked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.sql import fetch
from leads.conditions import Counted, WrongCondition, count_leads, parse
from leads.models import Consent, Lead, PrivacyRequest, Purpose, RetentionRule
from leads.naming import name_of_rows
from leads.parcels import counting

WITHIN_MS = 3_000

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


ANSWERED = """
SELECT purpose_id, count(*) FILTER (WHERE is_given), count(*) FILTER (WHERE NOT is_given) FROM (
    SELECT DISTINCT ON (lead_id, purpose_id) purpose_id, is_given FROM leads_consent
    WHERE workspace_id = %(workspace)s
    ORDER BY lead_id, purpose_id, occurred_at DESC, id DESC
) AS newest GROUP BY purpose_id
"""


def purposes_counted() -> list[Purpose]:
    """All purposes; `given` and `withdrawn` are how many people's newest answer that is."""
    counts = {row[0]: row[1:] for row in fetch(ANSWERED)}
    purposes = list(Purpose.objects.order_by("position", "id"))
    for each in purposes:
        each.given, each.withdrawn = counts.get(each.pk, (0, 0))
    return purposes


def consents_panel(lead: Lead) -> dict[str, Any] | None:
    """What the lead allows, for its page; None when the workspace asks for nothing."""
    answers = answers_of(lead)
    sources = [(key, SOURCES[key]) for key in ASKABLE]
    return {"answers": answers, "sources": sources} if answers else None


@dataclass(frozen=True)
class Holding:
    """So many rows of one kind are known of a person."""

    label: str
    count: int


def holdings_of(lead: Lead) -> list[Holding]:
    """What an erasure takes, the most first; one statement."""
    return _named(dict(fetch(counting(), ids=[lead.pk])))


def counted_in(request: PrivacyRequest) -> list[Holding]:
    """What was handed out or erased."""
    return _named(request.counts)


def _named(counts: Mapping[str, int]) -> list[Holding]:
    rows = [Holding(label_of_table(name), count) for name, count in counts.items() if count]
    return sorted(rows, key=lambda row: (-row.count, row.label))


def label_of_table(name: str) -> str:
    """What people call the rows of a table, or of a table's column."""
    table = name.partition(".")[0]
    models = (each for each in apps.get_models() if each._meta.db_table == table)
    return next((capfirst(name_of_rows(each)) for each in models), table)


@dataclass(frozen=True)
class Trial:
    """Whom a retention rule would erase as of now; `problem` when it cannot be read any more."""

    counted: Counted
    examples: Sequence[Lead] = ()
    problem: str = ""

    @property
    def count_in_words(self) -> str:
        """How many it names."""
        if self.counted.count is None:
            return gettext("Counting them takes too long; there are many.")
        told = ngettext("It names %d lead now.", "It names %d leads now.", self.counted.count)
        return told % self.counted.count


def trial_of(rule: RetentionRule, *, now: datetime) -> Trial:
    """How many leads the rule names, and ten of them."""
    try:
        counted = count_leads(parse(rule.condition, is_stored=True), now, within_ms=WITHIN_MS)
    except WrongCondition as wrong:
        return Trial(Counted(None), problem=wrong.sentence)
    examples = list(Lead.objects.filter(pk__in=counted.sample).order_by("id"))
    return Trial(counted, examples)
