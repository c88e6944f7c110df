"""From the parts of a back-test that is worked out to the result that is kept."""

from collections.abc import Iterable, Sequence
from typing import Any

from leads.conditions import calendar_at
from scoring.backtest.asking import Asked, asked_of
from scoring.backtest.figures import Answers, Told, figures_of
from scoring.backtest.fingerprints import fingerprint
from scoring.backtest.prediction import prediction_beside
from scoring.backtest.telling import line_of, rules_told, version_told
from scoring.cases import Study
from scoring.models import BackTest, BackTestPart, ModelVersion, Purpose


def versions_of(test: BackTest) -> list[ModelVersion]:
    """The one that is tried, then the one in force."""
    return [each for each in (test.version, test.beside) if each is not None]


def asked_in(test: BackTest) -> list[Asked]:
    """Both without what looks at fields that are left out."""
    without = frozenset(test.study["without"])
    return [asked_of(each, without) for each in versions_of(test)]


def result_of(test: BackTest) -> dict[str, Any]:
    """All that is kept of it, from its parts."""
    parts = list(test.parts.order_by("number"))
    versions, asked = versions_of(test), asked_in(test)
    prints = [fingerprint(each) for each in versions]
    answers = _told(test, parts, versions, is_same=len(set(prints)) < len(prints))
    figures = figures_of(answers)
    told = [
        version_told(version, one, print_)
        for version, one, print_ in zip(versions, asked, prints, strict=True)
    ]
    for version, one, words, each in zip(
        versions, asked, told, figures.get("versions", []), strict=False
    ):
        each |= words | {"rules": rules_told(version, one, each["rules"])}
    if versions[0].model.purpose == Purpose.MAIN and figures.get("versions"):
        beside = prediction_beside(answers, Study.from_json(test.study))
        figures["predicted"] = beside
    return {**test.result, **figures}


def _told(
    test: BackTest,
    parts: Sequence[BackTestPart],
    versions: Sequence[ModelVersion],
    *,
    is_same: bool,
) -> Told:
    """All parts as one; cases whose lead has gone meanwhile are none any more."""
    sides: list[list[Any]] = [[score for part in parts for score in part.scores]]
    counts = [[part.rules for part in parts]]
    if len(versions) > 1:
        sides.append([score for part in parts for score in part.beside_scores])
        counts.append([part.beside_rules for part in parts])
    kept = [nth for nth, score in enumerate(sides[0]) if score is not None]
    is_won = [each for part in parts for each in part.is_won]
    moments = [each for part in parts for each in part.moments]
    ids = [each for part in parts for each in part.lead_ids]
    answers = [
        Answers(line_of(version)[0], [side[nth] for nth in kept], _summed(rules))
        for version, side, rules in zip(versions, sides, counts, strict=True)
    ]
    return Told(
        [is_won[nth] for nth in kept],
        [moments[nth] for nth in kept],
        answers,
        calendar_at(test.asked_at).zone,
        is_same,
        [ids[nth] for nth in kept],
    )


def _summed(counts: Iterable[dict[str, Sequence[int]]]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for part in counts:
        for place, (cases, won) in part.items():
            before = sums.get(place, (0, 0))
            sums[place] = (before[0] + cases, before[1] + won)
    return sums
