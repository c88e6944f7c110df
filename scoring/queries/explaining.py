"""Why a lead has its score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from leads.models import Lead
from scoring.models import LeadScore, Rule, ScoreChange, ScoreModel
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
    exact = _published_score(lead_id)
    return _given(exact) if exact else []


def explain_score(lead: Lead) -> Explanation | None:
    """The published score of a lead with its reasons; None while there is none."""
    exact = _published_score(lead.pk)
    if exact is None or exact.as_of is None:
        return None
    changes = ScoreChange.objects.filter(lead_id=lead.pk).select_related("model")
    return Explanation(
        exact.model,
        exact.value,
        exact.lead_class,
        class_sentence(exact.model, exact.value),
        exact.as_of,
        _given(exact),
        list(changes.order_by("-at", "-id")[:CHANGES_SHOWN])[::-1],
    )


def _published_score(lead_id: UUID) -> LeadScore | None:
    scores = LeadScore.objects.filter(lead_id=lead_id, model__state="published")
    found: LeadScore | None = scores.select_related("model").first()
    return found


def _given(score: LeadScore) -> list[Given]:
    by_rule = {each.rule_id: each for each in score.contributions()}
    rules = Rule.objects.filter(pk__in=by_rule).order_by("position", "id")
    found = ((rule, by_rule[rule.pk]) for rule in rules)
    return [
        Given(rule, sentence_of(rule), each.facts, each.raw, each.points) for rule, each in found
    ]
