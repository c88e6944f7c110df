"""Everything about the scores of one lead: by each model why, in one sentence, and what is near."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from leadmgmt.workspaces.addresses import workspace_reverse
from leads.conditions import Calendar, calendar_at
from leads.models import Lead
from scoring.models import Purpose, Rule, RuleKind
from scoring.queries.explaining import Explanation, Given
from scoring.rules import pattern_of
from scoring.telling.evidence import Seen, seen
from scoring.telling.nearest import Nearest, nearest_changes
from scoring.telling.sentences import seller_sentence
from scoring.telling.unknowns import unknown_fields

ASKING = (Purpose.MAIN, Purpose.FIT)
"""Purposes of the models whose unanswered questions are worth asking a lead."""


@dataclass(frozen=True)
class Line:
    """What one rule or cap gives; `url` shows the very activities that count, on the timeline."""

    given: Given
    last_on: Any
    url: str


@dataclass(frozen=True)
class Told:
    """A score by one model, told to people."""

    score: Explanation
    sentence: str
    nearest: Sequence[Nearest]
    unknown: Sequence[str]
    lines: Sequence[Line]

    @property
    def lines_given(self) -> Sequence[Line]:
        """What sums to the score; nothing where leads are sorted without points."""
        return self.lines if self.score.score is not None else ()


def tell_scores(found: Sequence[Explanation], lead: Lead, now: datetime) -> list[Told]:
    """The scores of a lead told; facts are not read, only what is remembered of them."""
    calendar = calendar_at(now)
    patterns = {
        each.rule.pattern for one in found for each in one.given if each.rule and each.rule.pattern
    }
    evidence = seen(lead.pk, sorted(patterns), calendar)
    return [_told(each, lead, evidence, calendar, now) for each in found]


def _told(
    one: Explanation, lead: Lead, evidence: Mapping[int, Seen], calendar: Calendar, now: datetime
) -> Told:
    rules = list(one.version.rules.all()) if one.model.purpose in ASKING else []
    unknown = [] if one.version.is_by_decisions else unknown_fields(lead.pk, rules, now)
    return Told(
        one,
        seller_sentence(one, evidence, unknown, calendar.today),
        nearest_changes(one, lead.pk, now),
        unknown,
        [_line(each, lead, evidence) for each in one.given],
    )


def _line(given: Given, lead: Lead, evidence: Mapping[int, Seen]) -> Line:
    rule = given.rule
    if rule is None or rule.kind == RuleKind.PROFILE or not given.facts:
        return Line(given, None, "")
    last = evidence.get(rule.pattern or 0)
    return Line(given, last.last_on if last else None, facts_address(lead, rule))


def facts_address(lead: Lead, rule: Rule) -> str:
    """The lead's timeline with nothing on it but what counts for this rule."""
    test = pattern_of(rule.condition)
    if rule.window_days is not None:
        test |= {"within_days": rule.window_days}
    page = workspace_reverse("leads:lead", id=lead.pk)
    return f"{page}?{urlencode({'facts': json.dumps(test)})}#timeline"
