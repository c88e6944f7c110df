"""Why a lead has its score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leads.models import Lead
from scoring.models import Contribution, LeadScore, Rule, ScoreChange, ScoreModel
from scoring.wording import class_sentence, sentence_of

CHANGES_SHOWN = 30


@dataclass(frozen=True)
class Given:
    """What one rule gives: `raw` before its cap, `points` after it, from so many facts."""

    rule: Rule
    sentence: str
    facts: int
    raw: int
    points: int

    @property
    def is_capped(self) -> bool:
        """The rule would give more, were it not for its cap."""
        return self.raw != self.points


@dataclass(frozen=True)
class Explanation:
    """A score, its class and all that it is made of; the points sum to the score exactly."""

    model: ScoreModel
    score: int
    lead_class: str
    reason: str
    as_of: datetime
    given: Sequence[Given]
    changes: Sequence[ScoreChange]


def contributions(lead_id: UUID) -> list[Given]:
    """What each rule of the published version gives this lead, in the model's order."""
    rows = (
        Contribution.objects.filter(lead_id=lead_id, rule__model__state="published")
        .select_related("rule")
        .order_by("rule__position", "rule_id")
    )
    return [Given(row.rule, sentence_of(row.rule), row.facts, row.raw, row.points) for row in rows]


def explain_score(lead: Lead) -> Explanation | None:
    """The published score of a lead with its reasons; None while there is none."""
    exact = (
        LeadScore.objects.filter(lead_id=lead.pk, model__state="published", as_of__isnull=False)
        .select_related("model")
        .first()
    )
    if exact is None:
        return None
    changes = ScoreChange.objects.filter(lead_id=lead.pk).select_related("model")
    return Explanation(
        exact.model,
        exact.value,
        exact.lead_class,
        class_sentence(exact.model, exact.value),
        exact.as_of,
        contributions(lead.pk),
        list(changes.order_by("-at", "-id")[:CHANGES_SHOWN])[::-1],
    )
