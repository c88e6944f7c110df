"""How the scores of a lead came to be what they are: every change with its why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from leads.models import Lead
from scoring.models import (
    CARRIED,
    ChangeReason,
    ModelVersion,
    Purpose,
    Rule,
    RuleGroup,
    ScoreChange,
    ScoreModel,
)
from scoring.rules import place_of

MOST = 500
MOST_MOVED = 4
IN_ORDER = (Purpose.MAIN, Purpose.FIT, Purpose.PRODUCT)

Names = Mapping[tuple[UUID, int], str]


@dataclass(frozen=True)
class NamedPoints:
    """A rule or a cap, and points."""

    name: str
    points: int


@dataclass(frozen=True)
class ChangeTold:
    """A change in words; sorted without points it has no numbers."""

    at: datetime
    why: str
    reason: str
    version: ModelVersion
    old_score: int | None
    new_score: int | None
    old_class: str
    new_class: str
    old_grade: str
    new_grade: str
    given: Mapping[str, int]
    moved: Sequence[NamedPoints]

    @property
    def given_rows(self) -> list[NamedPoints]:
        """What the score was made of after it."""
        return [NamedPoints(name, points) for name, points in self.given.items()]


@dataclass(frozen=True)
class History:
    """The changes of a lead by one model, the oldest first."""

    model: ScoreModel
    changes: Sequence[ChangeTold]

    @property
    def is_main(self) -> bool:
        """Of the score lists show."""
        return self.model.purpose == Purpose.MAIN


def histories_of_lead(lead: Lead, *, is_pointless: bool = False) -> list[History]:
    """The newest 500 changes by the main model, and by all others, retired ones too.

    The main model first; four statements.
    """
    rows = ScoreChange.objects.filter(lead_id=lead.pk).select_related("version__model")
    newest = rows.order_by("-at", "-id")
    found = [*newest.main()[:MOST], *newest.beside()[:MOST]]
    names = {} if is_pointless else _names({each.version_id for each in found})
    by_model: dict[ScoreModel, list[ScoreChange]] = {}
    for each in found:
        by_model.setdefault(each.version.model, []).append(each)
    order = sorted(by_model, key=lambda each: (IN_ORDER.index(each.purpose), each.position))
    return [
        History(each, _all_told(by_model[each][::-1], names, is_pointless=is_pointless))
        for each in order
    ]


def told_changes(changes: Sequence[ScoreChange], *, is_pointless: bool = False) -> list[ChangeTold]:
    """Changes of a lead by one model, the oldest first, each with what moved since."""
    names = {} if is_pointless else _names({each.version_id for each in changes})
    return _all_told(changes, names, is_pointless=is_pointless)


def _all_told(
    changes: Sequence[ScoreChange], names: Names, *, is_pointless: bool
) -> list[ChangeTold]:
    told: list[ChangeTold] = []
    for each in changes:
        given = {} if is_pointless else _given(each, names)
        before = told[-1].given if told else {}
        told.append(_told(each, given, before, is_pointless=is_pointless))
    return told


def _told(
    change: ScoreChange, given: Mapping[str, int], before: Mapping[str, int], *, is_pointless: bool
) -> ChangeTold:
    return ChangeTold(
        change.at,
        str(ChangeReason(change.reason).label) if change.reason else _("worked out"),
        change.reason,
        change.version,
        None if is_pointless else change.old_score,
        None if is_pointless else change.new_score,
        *(change.old_class, change.new_class, change.old_grade, change.new_grade),
        given,
        _moved(given, before),
    )


def _moved(given: Mapping[str, int], before: Mapping[str, int]) -> list[NamedPoints]:
    """The largest differences; nothing where what it was made of was not kept."""
    if not given and not before:
        return []
    names = dict.fromkeys([*given, *before])
    moved = [NamedPoints(name, given.get(name, 0) - before.get(name, 0)) for name in names]
    return sorted((each for each in moved if each.points), key=lambda each: -abs(each.points))[
        :MOST_MOVED
    ]


def _given(change: ScoreChange, names: Names) -> Mapping[str, int]:
    given: Counter[str] = Counter()
    for place, points in zip(change.places, change.points, strict=True):
        given[names.get((change.version_id, place)) or _of_no_rule(place)] += points
    return given


def _of_no_rule(place: int) -> str:
    if place == CARRIED:
        return _("Carried over from the cycle before")
    return _("Bounds of the score")


def _names(version_ids: Iterable[UUID]) -> Names:
    """What rules and groups of these versions are called, by their place."""
    ids = list(version_ids)
    rules = Rule.objects.filter(version_id__in=ids).values_list("version_id", "position", "name")
    found = {(version_id, place): name for version_id, place, name in rules}
    for group in RuleGroup.objects.filter(version_id__in=ids):
        found[group.version_id, place_of(group)] = _("Cap of “%(group)s”") % {"group": group.name}
    return found
