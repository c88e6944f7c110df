"""A version's rules, read and checked: what the statements are made of."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from leads.conditions import ActivityTest, Change, Condition, kinds_of_fact, parse
from leads.models import Lead
from scoring.meaning import Meant, inlined, meaning_in
from scoring.models import (
    Decay,
    Decision,
    ModelVersion,
    Pattern,
    Per,
    Purpose,
    Rule,
    RuleGroup,
    RuleKind,
)


@dataclass(frozen=True)
class Fading:
    """How a day's points fade: by half in so many days, or to a percentage from a day on."""

    half_life: int | None = None
    steps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class ProfileRule:
    """Points for leads for whom a condition about what is known holds."""

    place: int
    group: int | None
    points: int
    condition: Condition


@dataclass(frozen=True)
class BehaviourRule:
    """Points for facts that match a pattern; `pattern` is its number in the workspace.

    Given when the facts in the window are at least `least` and, unless None, at most `most`.
    """

    place: int
    group: int | None
    pattern: int
    points: int
    per: str
    window_days: int | None
    cap: int | None
    least: int
    most: int | None
    fading: Fading | None


@dataclass(frozen=True)
class Looked:
    """A pattern as the statements need it: its number and what it looks for."""

    number: int
    test: ActivityTest


@dataclass(frozen=True)
class Decided:
    """A decision rule: its place, what it asks, and the class it gives."""

    place: int
    condition: Condition
    lead_class: str


@dataclass(frozen=True)
class Capped:
    """A group of rules and what they give at most together; its place is below 0."""

    place: int
    cap: int


@dataclass(frozen=True)
class Sorting:
    """How a score becomes a class, or a grade."""

    hot_from: int
    warm_from: int
    matrix: dict[str, Any] = field(default_factory=dict)
    urgency: Condition | None = None
    grades: tuple[int, ...] = ()


@dataclass(frozen=True)
class Scorer:
    """One version, ready to be worked out.

    `fit_id`: the version whose grades the main model goes by, if leads are graded. `is_cycled`:
    some lead of the workspace is in a later cycle; where none is, cycles cost nothing.
    """

    version_id: UUID
    purpose: str
    is_in_force: bool
    sorting: Sorting
    profile: tuple[ProfileRule, ...] = ()
    behaviour: tuple[BehaviourRule, ...] = ()
    patterns: tuple[Looked, ...] = ()
    groups: tuple[Capped, ...] = ()
    least: int | None = None
    most: int | None = None
    decisions: tuple[Decided, ...] = ()
    is_by_decisions: bool = False
    fit_id: UUID | None = None
    model_id: UUID | None = None
    is_cycled: bool = False

    @property
    def is_shown(self) -> bool:
        """Lists show what it says."""
        return self.is_in_force and self.purpose == Purpose.MAIN

    @property
    def is_carrying(self) -> bool:
        """An earlier cycle may have left points; a grade only says who somebody is."""
        return self.is_cycled and self.purpose != Purpose.FIT and not self.is_by_decisions

    @property
    def is_fading(self) -> bool:
        """The points of some rule fade."""
        return any(rule.fading for rule in self.behaviour)

    @property
    def is_timed(self) -> bool:
        """Days passing can change what a condition says.

        What happened may be dated ahead, so any question about it is asked again the next day.
        """
        return any(
            facts.is_timed or facts.activities for facts in map(kinds_of_fact, self._conditions())
        )

    def is_touched_by(self, *changes: Change) -> bool:
        """Any of these can change what a condition says of the leads they are about."""
        return any(kinds_of_fact(each).touched_by(*changes) for each in self._conditions())

    def _conditions(self) -> list[Condition]:
        asked = [rule.condition for rule in self.profile]
        asked += [each.condition for each in self.decisions]
        return [*asked, *([self.sorting.urgency] if self.sorting.urgency else [])]


def scorer_of(
    version: ModelVersion,
    rules: Sequence[Rule] | None = None,
    *,
    fit_id: UUID | None = None,
    is_cycled: bool | None = None,
) -> Scorer:
    """Read a version; a query or two, unless its rules are given, and one about cycles."""
    is_main = version.model.purpose == Purpose.MAIN
    rules, decisions = _read(version, rules)
    meant = _meant(version, rules, decisions)
    known: dict[str, Any] = {
        "version_id": version.pk,
        "purpose": version.model.purpose,
        "is_in_force": version.state == "published",
        "sorting": _sorting(version, meant),
        "fit_id": fit_id if is_main else None,
        "model_id": version.model_id,
        "is_cycled": are_cycles_closed() if is_cycled is None else is_cycled,
    }
    if version.is_by_decisions:
        decided = tuple(_decided(each, nth, meant) for nth, each in enumerate(decisions, start=1))
        return Scorer(**known, decisions=decided, is_by_decisions=True)
    return Scorer(**known, **_by_points(rules, meant), least=version.least, most=version.most)


def _read(
    version: ModelVersion, rules: Sequence[Rule] | None
) -> tuple[Sequence[Rule], Sequence[Decision]]:
    """The rules, or the decision rules, of a version in order."""
    if version.is_by_decisions:
        return (), list(version.decisions.order_by("position", "id"))
    if rules is None:
        rules = list(version.rules.select_related("group").order_by("position", "id"))
    return rules, ()


def _meant(version: ModelVersion, rules: Sequence[Rule], decisions: Sequence[Decision]) -> Meant:
    asked = [each.condition for each in profile_rules(rules)]
    asked += [each.condition for each in decisions]
    return meaning_in(version, [*asked, version.urgency])


def are_cycles_closed() -> bool:
    """Some lead of the workspace is in a later cycle than its first."""
    return bool(Lead.objects.filter(cycle_began_at__isnull=False).exists())


def _sorting(version: ModelVersion, meant: Meant) -> Sorting:
    is_main, is_fit = (version.model.purpose == each for each in (Purpose.MAIN, Purpose.FIT))
    urgency = version.urgency if is_main and version.matrix else None
    return Sorting(
        version.hot_from,
        version.warm_from,
        version.matrix if is_main else {},
        inlined(urgency, meant) if urgency else None,
        tuple(version.grades) if is_fit else (),
    )


def _by_points(rules: Sequence[Rule], meant: Meant) -> dict[str, Any]:
    places = {rule.pk: place for place, rule in enumerate(rules, start=1)}
    grouped = {rule.group.pk: rule.group for rule in rules if rule.group is not None}
    behaviour = [rule for rule in rules if rule.kind == RuleKind.BEHAVIOUR]
    numbers = _numbers(behaviour)
    looked = {numbers[rule.pk]: Looked(numbers[rule.pk], activity_of(rule)) for rule in behaviour}
    return {
        "profile": tuple(_profile(rule, places[rule.pk], meant) for rule in profile_rules(rules)),
        "behaviour": tuple(
            _behaviour(rule, places[rule.pk], numbers[rule.pk]) for rule in behaviour
        ),
        "patterns": tuple(looked[number] for number in sorted(looked)),
        "groups": tuple(Capped(place_of(each), each.cap) for each in grouped.values()),
    }


def place_of(group: RuleGroup) -> int:
    """What the contribution of a group's cap is called."""
    return -1 - group.position


def profile_rules(rules: Sequence[Rule]) -> list[Rule]:
    """The rules about what a lead is."""
    return [rule for rule in rules if rule.kind == RuleKind.PROFILE]


def _profile(rule: Rule, place: int, meant: Meant) -> ProfileRule:
    condition = inlined(rule.condition, meant)
    return ProfileRule(place, _group(rule), rule.points, condition)


def _group(rule: Rule) -> int | None:
    return place_of(rule.group) if rule.group is not None else None


def _numbers(rules: Sequence[Rule]) -> dict[UUID, int]:
    """The pattern of each rule; a draft's rules have none yet and get passing ones."""
    digests = {rule.pk: digest_of(pattern_of(rule.condition)) for rule in rules}
    order = sorted(set(digests.values()))
    return {rule.pk: rule.pattern or order.index(digests[rule.pk]) + 1 for rule in rules}


def _behaviour(rule: Rule, place: int, pattern: int) -> BehaviourRule:
    test = activity_of(rule)
    is_once = rule.per == Per.ONCE
    return BehaviourRule(
        place=place,
        group=_group(rule),
        pattern=pattern,
        points=rule.points,
        per=rule.per,
        window_days=rule.window_days,
        cap=rule.cap,
        least=test.least if is_once else 1,
        most=test.most if is_once else None,
        fading=_fading(rule),
    )


def _fading(rule: Rule) -> Fading | None:
    if rule.decay == Decay.HALF_LIFE:
        return Fading(half_life=rule.half_life_days)
    if rule.decay == Decay.STEPS:
        return Fading(steps=tuple((int(days), int(percent)) for days, percent in rule.steps))
    return None


def _decided(decision: Decision, place: int, meant: Meant) -> Decided:
    return Decided(place, inlined(decision.condition, meant), decision.lead_class)


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
