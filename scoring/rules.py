"""A version's rules, read and checked: what the statements are made of."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from leads.conditions import ActivityTest, Condition, kinds_of_fact, parse
from scoring.models import Pattern, Per, Rule, RuleKind, ScoreModel


@dataclass(frozen=True)
class ProfileRule:
    """Points for leads for whom a condition about what is known holds."""

    id: UUID
    points: int
    condition: Condition


@dataclass(frozen=True)
class BehaviourRule:
    """Points for facts that match a pattern; `pattern` is its number in the workspace.

    Given when the facts in the window are at least `least` and, unless None, at most `most`.
    """

    id: UUID
    pattern: int
    points: int
    per: str
    window_days: int | None
    cap: int | None
    least: int
    most: int | None


@dataclass(frozen=True)
class Looked:
    """A pattern as the statements need it: its number and what it looks for."""

    number: int
    test: ActivityTest


@dataclass(frozen=True)
class Scorer:
    """One version, ready to be worked out."""

    model_id: UUID
    is_shown: bool
    hot_from: int
    warm_from: int
    profile: tuple[ProfileRule, ...]
    behaviour: tuple[BehaviourRule, ...]
    patterns: tuple[Looked, ...]

    @property
    def is_timed(self) -> bool:
        """Days passing can change what a profile rule says."""
        return any(kinds_of_fact(rule.condition).is_timed for rule in self.profile)


def scorer_of(model: ScoreModel, rules: Sequence[Rule] | None = None) -> Scorer:
    """Read a version; one query unless its rules are given."""
    if rules is None:
        rules = list(model.rules.order_by("position", "id"))
    behaviour = [rule for rule in rules if rule.kind == RuleKind.BEHAVIOUR]
    numbers = _numbers(behaviour)
    looked = {numbers[rule.pk]: Looked(numbers[rule.pk], activity_of(rule)) for rule in behaviour}
    return Scorer(
        model_id=model.pk,
        is_shown=model.state == "published",
        hot_from=model.hot_from,
        warm_from=model.warm_from,
        profile=tuple(map(_profile, profile_rules(rules))),
        behaviour=tuple(_behaviour(rule, numbers[rule.pk]) for rule in behaviour),
        patterns=tuple(looked[number] for number in sorted(looked)),
    )


def profile_rules(rules: Sequence[Rule]) -> list[Rule]:
    """The rules about what a lead is."""
    return [rule for rule in rules if rule.kind == RuleKind.PROFILE]


def _profile(rule: Rule) -> ProfileRule:
    return ProfileRule(rule.pk, rule.points, parse(rule.condition, is_stored=True))


def _numbers(rules: Sequence[Rule]) -> dict[UUID, int]:
    """The pattern of each rule; a draft's rules have none yet and get passing ones."""
    digests = {rule.pk: digest_of(pattern_of(rule.condition)) for rule in rules}
    order = sorted(set(digests.values()))
    return {rule.pk: rule.pattern or order.index(digests[rule.pk]) + 1 for rule in rules}


def _behaviour(rule: Rule, pattern: int) -> BehaviourRule:
    test = activity_of(rule)
    is_once = rule.per == Per.ONCE
    return BehaviourRule(
        id=rule.pk,
        pattern=pattern,
        points=rule.points,
        per=rule.per,
        window_days=rule.window_days,
        cap=rule.cap,
        least=test.least if is_once else 1,
        most=test.most if is_once else None,
    )


def activity_of(rule: Rule) -> ActivityTest:
    """The one activity test of a behaviour rule."""
    root = parse(rule.condition, is_stored=True).root
    if not isinstance(root, ActivityTest):
        raise TypeError(f"The rule {rule.pk} is about behaviour, but tests no activity.")
    return root


def pattern_of(tree: dict[str, Any]) -> dict[str, Any]:
    """What a behaviour rule looks for, without how often and how long."""
    return {"activity": tree["activity"], "where": tree.get("where", [])}


def digest_of(pattern: dict[str, Any]) -> str:
    """Equal for patterns that look for the same."""
    return hashlib.sha256(json.dumps(pattern, sort_keys=True).encode()).hexdigest()


def looked(pattern: Pattern) -> Looked:
    """A stored pattern as the statements need it."""
    root = parse(pattern.test, is_stored=True).root
    if not isinstance(root, ActivityTest):
        raise TypeError(f"Pattern {pattern.number} looks for no activity.")
    return Looked(pattern.number, root)
