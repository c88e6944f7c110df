"""What is kept with a result: the versions in words, the figures, what to be wary of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from leads.conditions import Condition
from scoring.backtest.asking import Asked
from scoring.cases import unknown_then
from scoring.line import mql_line
from scoring.models import ModelVersion, Purpose
from scoring.wording import sentence_of

NOBODY = {"cases": 0, "won": 0, "rate": None, "others_rate": None}
"""The figures of a rule that gave nobody points."""
HOT = 2  # what “hot” stands for where a version gives no points


def line_of(version: ModelVersion) -> tuple[int, str]:
    """The score from which a lead is handed over, and what says so: the definition, or “hot”."""
    if version.is_by_decisions:
        return HOT, "class"
    line = mql_line() if version.model.purpose == Purpose.MAIN else None
    return (line, "mql") if line is not None else (version.hot_from, "hot")


def version_told(version: ModelVersion, asked: Asked, fingerprint: str) -> dict[str, Any]:
    """A version as the result names it, whatever becomes of it."""
    return {
        "id": str(version.pk),
        "number": version.number,
        "fingerprint": fingerprint,
        "is_by_decisions": version.is_by_decisions,
        "line_by": line_of(version)[1],
        "warnings": list(_warnings(version, asked)),
    }


def rules_told(
    version: ModelVersion, asked: Asked, figures: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Each rule in words with its figures, in the order of the version."""
    return [
        {"place": place, "name": name, "sentence": sentence, "points": points}
        | {"is_left_out": place in asked.left_out}
        | NOBODY
        | dict(figures.get(str(place), {}))
        for place, (name, sentence, points) in enumerate(_words(version), start=1)
    ]


def _words(version: ModelVersion) -> Iterator[tuple[str, str, int | None]]:
    if version.is_by_decisions:
        for each in version.decisions.order_by("position", "id"):
            yield each.name, each.get_lead_class_display(), None
        return
    for rule in version.rules.order_by("position", "id"):
        yield rule.name, sentence_of(rule), rule.points


def _warnings(version: ModelVersion, asked: Asked) -> Iterator[dict[str, str]]:
    """Fields that cannot be read as they were then, each once."""
    seen: dict[str, str] = {}
    for condition in _conditions(asked):
        seen |= {name: how.value for name, how in unknown_then(condition).items()}
    for name, how in sorted(seen.items()):
        yield {"field": name, "how": how}


def _conditions(asked: Asked) -> Iterable[Condition]:
    rules: Sequence[Any] = [*asked.scorer.profile, *asked.scorer.decisions]
    return [each.condition for each in rules]
