"""What would change the class of a lead: points, grade or urgency, or what a rule still asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from leads.conditions import Condition, Explained, Group, Node, Word, explain
from leads.models import LeadClass
from scoring.actions.sorting import LETTERS
from scoring.meaning import condition_in, read_in
from scoring.models import ModelVersion
from scoring.queries.explaining import Explanation
from scoring.rules import are_cycles_closed
from scoring.wording import class_of

RANK = {LeadClass.COLD: 0, LeadClass.WARM: 1, LeadClass.HOT: 2}
MOST_UNMET = 4


@dataclass(frozen=True)
class Nearest:
    """A change that gives another class; `points` to gain or, below 0, to lose (None: other)."""

    lead_class: str
    sentence: str
    points: int | None = None


def nearest_changes(told: Explanation, lead_id: UUID, now: datetime) -> list[Nearest]:
    """What is missing to better classes, the nearest first, and what would lose this one."""
    if told.version.is_by_decisions:
        return list(_decisions(told, lead_id, now))[:2]
    if told.score is None or not told.lead_class:
        return []
    return [*_by_score(told, lead_id, now), *_lost(told)]


def _by_score(told: Explanation, lead_id: UUID, now: datetime) -> Iterator[Nearest]:
    version, score = told.version, told.score or 0
    is_urgent = _is_urgent(version, lead_id, now)
    letter, band = told.grade[:1], class_of(version, score)
    for bound, name in ((version.warm_from, LeadClass.WARM), (version.hot_from, LeadClass.HOT)):
        better = _cell(version, name, letter, is_urgent)
        if bound > score and _is_better(better, told.lead_class):
            yield _points(better, bound - score)
    if version.matrix and version.urgency and not is_urgent:
        better = _cell(version, band, letter, True)
        if _is_better(better, told.lead_class):
            asked = read_in(version, version.urgency)
            yield Nearest(better, _("%(class)s once %(what)s") % _words(better, what=asked))
    if letter and version.matrix:
        yield from _by_grade(version, band, told, is_urgent)


def _by_grade(
    version: ModelVersion, band: str, told: Explanation, is_urgent: bool
) -> Iterator[Nearest]:
    """The nearest better letter that gives a better class."""
    letters = [each for each in LETTERS if each]
    for letter in reversed(letters[: letters.index(told.grade[0])]):
        better = _cell(version, band, letter, is_urgent)
        if _is_better(better, told.lead_class):
            said = _("%(class)s with a grade of %(letter)s, which is %(grade)s now")
            values = _words(better, letter=letter, grade=told.grade)
            yield Nearest(better, said % values)
            return


def _lost(told: Explanation) -> Iterator[Nearest]:
    """How many points less are a lower class; only where the band alone makes it."""
    version, score = told.version, told.score or 0
    bounds = {LeadClass.HOT: version.hot_from, LeadClass.WARM: version.warm_from}
    bound = bounds.get(LeadClass(told.lead_class))
    if version.matrix or bound is None:
        return
    worse = class_of(version, bound - 1)
    yield _points(worse, bound - 1 - score)


def _points(to: str, points: int) -> Nearest:
    sign = "+" if points > 0 else "−"
    values = _words(to, points=f"{sign}{abs(points)}")
    return Nearest(to, _("%(points)s to %(to)s") % values, points)


def _words(to: str, **values: object) -> dict[str, object]:
    label = str(LeadClass(to).label)
    return values | {"class": label, "to": label.lower()}


def _cell(version: ModelVersion, band: str, letter: str, is_urgent: bool) -> str:
    cell = version.matrix.get(band, {}).get(letter)
    return str(cell[is_urgent]) if cell else str(band)


def _is_better(one: str, than: str) -> bool:
    return RANK[LeadClass(one)] > RANK[LeadClass(than)]


def _is_urgent(version: ModelVersion, lead_id: UUID, now: datetime) -> bool:
    if not (version.matrix and version.urgency):
        return False
    verdict = _explained(condition_in(version, version.urgency), lead_id, now)
    return verdict is not None and verdict.is_holding


def _explained(condition: Condition, lead_id: UUID, now: datetime) -> Explained | None:
    """As it was worked out: what happened before the present cycle counts no more."""
    return explain(condition, [lead_id], now, is_in_cycle=are_cycles_closed()).get(lead_id)


# Decision rules


def _decisions(told: Explanation, lead_id: UUID, now: datetime) -> Iterator[Nearest]:
    """Rules that give a better class, those first of which the least is missing."""
    deciding = {each.name for each in told.given}
    rules = []
    for rule in told.version.decisions.order_by("position"):
        if rule.name in deciding:
            break
        if _is_better(rule.lead_class, told.lead_class):
            rules.append(rule)
    roots = tuple(condition_in(told.version, rule.condition).root for rule in rules)
    if not roots:
        return
    verdict = _explained(Condition(Group(Word.ANY, roots), None), lead_id, now)
    parts = verdict.parts if verdict else ()
    unmet = [list(_unmet(root, part)) for root, part in zip(roots, parts, strict=False)]
    for rule, missing in sorted(zip(rules, unmet, strict=False), key=lambda each: len(each[1])):
        what = _(" and ").join(missing[:MOST_UNMET])
        said = _("%(class)s by “%(name)s” once %(what)s")
        yield Nearest(rule.lead_class, said % _words(rule.lead_class, name=rule.name, what=what))


def _unmet(node: Node, told: Explained) -> Iterator[str]:
    """The parts that do not hold; of several of which one is enough, all of them as one."""
    if told.is_holding:
        return
    if isinstance(node, Group) and node.word is Word.ALL:
        for part, verdict in zip(node.parts, told.parts, strict=True):
            yield from _unmet(part, verdict)
    else:
        yield told.sentence
