"""From what the cases scored to the figures of a back-test: plain numbers, ready to be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from scoring.backtest.judging import BEST, Verdict, is_enough, is_thin, verdict_of
from scoring.backtest.tallies import SHARES, Tally, bands, caught_difference, cuts, tally
from scoring.statistics.intervals import Estimate, newcombe, wilson
from scoring.statistics.ranking import auc, auc_difference

A_WEEK = timedelta(days=7)
DIGITS = 6
Counts = Mapping[str, tuple[int, int]]


@dataclass
class Answers:
    """What one version gave the cases, in their order, and what its rules counted.

    `rules`: place → how many cases got its points, how many of them won.
    """

    line: int
    scores: Sequence[int]
    rules: Counts = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """The cases, and what one or two versions say of them."""

    is_won: Sequence[bool]
    moments: Sequence[datetime]
    versions: Sequence[Answers]
    zone: ZoneInfo
    is_same: bool = False
    ids: Sequence[UUID] = ()

    @property
    def won(self) -> int:
        """How many reached the outcome."""
        return sum(self.is_won)


def figures_of(told: Told) -> dict[str, Any]:
    """All figures; too few cases give none but their number."""
    cases = {"cases": len(told.is_won), "won": told.won}
    if not is_enough(len(told.is_won), told.won):
        return {**cases, "verdict": Verdict.TOO_FEW.value}
    weeks = _weeks(told)
    versions = [_version(each, told.is_won, len(weeks)) for each in told.versions]
    scores = [each.scores for each in told.versions]
    gap = gap_between(scores[0], scores[1], told.is_won) if len(versions) > 1 else None
    caught = gap["caught"] if gap else None
    return {
        **cases,
        "verdict": verdict_of(versions[0]["area"], caught, is_same=told.is_same).value,
        "is_thin": is_thin(len(told.is_won), told.won),
        "versions": versions,
        "gap": gap,
        "weeks": weeks,
    }


def _version(answers: Answers, is_won: Sequence[bool], weeks: int) -> dict[str, Any]:
    found = tally(zip(answers.scores, is_won, strict=True))
    at_line = {answers.line, *cuts(found)}
    return {
        "line": answers.line,
        **ranked(answers.scores, is_won),
        "bands": [
            {"first": each.first, "last": each.last} | _share(each.won, each.cases)
            for each in bands(found)
        ],
        "thresholds": [_threshold(found, each, weeks) for each in sorted(at_line, reverse=True)],
        "rules": {
            place: _rule(found, won=won, cases=cases)
            for place, (cases, won) in answers.rules.items()
        },
    }


def ranked(scores: Sequence[int], is_won: Sequence[bool]) -> dict[str, Any]:
    """How well an order puts winners first: the area, the best fifth, the gains."""
    found = tally(zip(scores, is_won, strict=True))
    return {
        "area": _estimate(auc(np.array(scores), np.array(is_won)), 0.0),
        "best": _best(found),
        "gains": [[share, _round(found.caught(share))] for share in SHARES],
    }


def gap_between(
    one: Sequence[int], other: Sequence[int], is_won: Sequence[bool]
) -> dict[str, dict[str, float]]:
    """The one order less the other, over the same cases."""
    return {
        "caught": _estimate(caught_difference(one, other, is_won, BEST), -1.0),
        "area": _estimate(auc_difference(np.array(one), np.array(other), np.array(is_won)), -1.0),
    }


def _best(found: Tally) -> dict[str, float]:
    """What the best fifth catches of the winners."""
    caught = found.caught(BEST)
    low, high = wilson(caught * found.won, found.won)
    return {"share": BEST, "caught": _round(caught), "low": _round(low), "high": _round(high)}


def _threshold(found: Tally, score: int, weeks: int) -> dict[str, Any]:
    """Who would be an MQL from this score on: how many are right, how many winners are found."""
    cases, won = found.at_least(score)
    precision, recall = _share(won, cases), _share(won, found.won)
    return {
        "score": score,
        "cases": cases,
        "won": won,
        "precision": precision["rate"] if cases else None,
        "precision_low": precision["low"],
        "precision_high": precision["high"],
        "recall": recall["rate"],
        "recall_low": recall["low"],
        "recall_high": recall["high"],
        "per_week": _round(cases / weeks),
    }


def _rule(found: Tally, *, won: int, cases: int) -> dict[str, Any]:
    """Those who got its points against the others."""
    others, won_others = found.cases - cases, found.won - won
    low, high = newcombe(won, cases, won_others, others)
    rest = _share(won_others, others)
    return _share(won, cases) | {
        "others": others,
        "others_rate": rest["rate"],
        "low_gap": _round(low),
        "high_gap": _round(high),
    }


def _weeks(told: Told) -> list[list[Any]]:
    """Each week of the decisions: its Monday, cases, and for each version those at its line."""
    mondays = [_monday(each, told.zone) for each in told.moments]
    first, last = min(mondays), max(mondays)
    count = (last - first).days // 7 + 1
    rows = [[0] * (1 + len(told.versions)) for _ in range(count)]
    for nth, monday in enumerate(mondays):
        row = rows[(monday - first).days // 7]
        row[0] += 1
        for at, each in enumerate(told.versions, start=1):
            row[at] += each.scores[nth] >= each.line
    return [[(first + nth * A_WEEK).isoformat(), *row] for nth, row in enumerate(rows)]


def _monday(moment: datetime, zone: ZoneInfo) -> date:
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _share(won: int, cases: int) -> dict[str, Any]:
    low, high = wilson(won, cases)
    return {
        "cases": cases,
        "won": won,
        "rate": _round(won / cases) if cases else None,
        "low": _round(low),
        "high": _round(high),
    }


def _estimate(found: Estimate, least: float) -> dict[str, float]:
    low, high = found.interval(least)
    return {"value": _round(found.value), "low": _round(low), "high": _round(high)}


def _round(value: float) -> float:
    return round(value, DIGITS)
