"""What the pages and the API show of simulations and back-tests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from leadmgmt.kernel.sql import fetch
from leads.conditions import calendar_at
from leads.models import LeadClass
from scoring.backtest.fingerprints import fingerprint
from scoring.models import (
    BackTest,
    LeadScore,
    ModelState,
    ModelVersion,
    Purpose,
    ScoreModel,
    SimulatedLead,
    Simulation,
)
from scoring.rules import scorer_of
from scoring.statements import scored, these

GAINING, LOSING = "gaining", "losing"
Given = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class SimulatedRow:
    """A lead, and the rule whose points differ most."""

    lead: SimulatedLead
    most: str
    points: int


def simulation_of(draft: ModelVersion) -> Simulation | None:
    """The latest, if any; there is one at most."""
    found: Simulation | None = (
        Simulation.objects.filter(version=draft).select_related("beside").first()
    )
    return found


def is_stale(simulation: Simulation) -> bool:
    """The draft says something else by now."""
    version = simulation.version
    return version is None or fingerprint(version) != simulation.fingerprint


def simulated_leads(
    simulation: Simulation, *, old: str | None, new: str | None, crossing: str, of: str = "class"
) -> QuerySet[SimulatedLead]:
    """The leads of a cell, or those who cross the line."""
    rows = SimulatedLead.objects.filter(simulation=simulation).select_related("lead")
    if old is not None:
        rows = rows.filter(**{f"old_{of}": old})
    if new is not None:
        rows = rows.filter(**{f"new_{of}": new})
    line = simulation.line
    if line is None or crossing not in (GAINING, LOSING):
        return rows
    below, above = Q(old_score__lt=line) | Q(old_score=None), Q(new_score__gte=line)
    if crossing == GAINING:
        return rows.filter(below & above)
    return rows.filter(Q(new_score__lt=line, old_score__gte=line))


CONTRIBUTED = """
SELECT lead_id, place, points FROM contribution WHERE place > 0 AND points <> 0
"""


def rows_told(
    simulation: Simulation, rows: Sequence[SimulatedLead], now: datetime
) -> list[SimulatedRow]:
    """These rows with what changed most; nothing is said of a draft that has changed since."""
    version = simulation.version
    if version is None or is_stale(simulation) or version.is_by_decisions:
        return [SimulatedRow(each, "", 0) for each in rows]
    ids = [each.lead_id for each in rows]
    new, old = _given_by_draft(version, ids, now), _given_now(simulation, ids)
    return [SimulatedRow(each, *_most(old, new, each.lead_id)) for each in rows]


def _given_by_draft(
    version: ModelVersion, ids: Sequence[UUID], now: datetime
) -> dict[UUID, dict[str, int]]:
    found = scored(scorer_of(version), these(ids), calendar_at(now))
    names = _names(version)
    given: dict[UUID, dict[str, int]] = {}
    for lead_id, place, points in fetch(found.text + CONTRIBUTED, **found.values):
        _add(given, lead_id, names.get(place, ""), points)
    return given


def _given_now(simulation: Simulation, ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    given: dict[UUID, dict[str, int]] = {}
    if simulation.beside is None:
        return given
    names = _names(simulation.beside)
    for score in LeadScore.objects.filter(version=simulation.beside, lead_id__in=list(ids)):
        for each in score.contributions():
            _add(given, score.lead_id, names.get(each.place, ""), each.points)
    return given


def _names(version: ModelVersion) -> dict[int, str]:
    rules = version.rules.order_by("position", "id").values_list("name", flat=True)
    return dict(enumerate(rules, start=1))


def _add(given: dict[UUID, dict[str, int]], lead_id: UUID, name: str, points: int) -> None:
    mine = given.setdefault(lead_id, {})
    mine[name] = mine.get(name, 0) + points


def _most(
    old: dict[UUID, dict[str, int]], new: dict[UUID, dict[str, int]], lead_id: UUID
) -> tuple[str, int]:
    """By the name of the rule: a draft begins as a copy of the version before."""
    was, will = old.get(lead_id, {}), new.get(lead_id, {})
    gaps = {name: will.get(name, 0) - was.get(name, 0) for name in was.keys() | will.keys() if name}
    if not any(gaps.values()):
        return "", 0
    name = max(sorted(gaps), key=lambda each: abs(gaps[each]))
    return name, gaps[name]


# Back-tests

OF_POINTS = ("bands", "thresholds", "line")


def without_points(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result without a number of a score: of versions by points no bands, no lines, no points."""
    versions = [
        each if each["is_by_decisions"] else _bare(each) for each in result.get("versions", ())
    ]
    told = dict(result) | ({"versions": versions} if versions else {})
    if predicted := result.get("predicted"):
        pair = [_bare(each) for each in predicted.get("versions", ())]
        told["predicted"] = predicted | ({"versions": pair} if pair else {})
    return told


def _bare(version: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in version.items() if name not in OF_POINTS}
    rules = [each | {"points": None, "sentence": each["name"]} for each in version.get("rules", ())]
    return kept | ({"rules": rules} if rules else {})


def testable_versions(model: ScoreModel) -> list[ModelVersion]:
    """The draft first, then the numbered ones, newest first."""
    versions = ModelVersion.objects.of(model).exclude(state=ModelState.PREPARING)
    return list(versions.order_by(F("number").desc(nulls_first=True))[:20])


def back_tests_of(model: ScoreModel) -> QuerySet[BackTest]:
    """All of a model, newest first."""
    rows = BackTest.objects.filter(model=model).select_related("asked_by__user", "version")
    return rows.order_by("-asked_at", "-id")


def is_main(model: ScoreModel) -> bool:
    """Its score is what lists show."""
    return model.purpose == Purpose.MAIN


def cells(moves: Sequence[Sequence[Any]]) -> tuple[list[str], list[tuple[str, list[int | None]]]]:
    """Columns, and a row for each class of today with a count for each class then."""
    order = [*LeadClass.values, ""]
    olds = [name for name in order if any(move[0] == name for move in moves)]
    news = [name for name in order if any(move[1] == name for move in moves)]
    counts = {(old, new): count for old, new, count in moves}
    return news, list(_rows(olds, news, counts))


def _rows(
    olds: Sequence[str], news: Sequence[str], counts: Mapping[tuple[str, str], int]
) -> Iterator[tuple[str, list[int | None]]]:
    for old in olds:
        yield old, [counts.get((old, new)) for new in news]
