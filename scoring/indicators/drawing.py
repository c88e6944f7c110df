"""Where the bars of win rates and their intervals stand, in percent of the width."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from leadmgmt.ui.drawing import ceiling
from leadmgmt.ui.formatting import number, percent
from scoring.indicators.telling import Told
from scoring.indicators.verdicts import Comparison, Rate


@dataclass(frozen=True)
class Bar:
    """A share, the interval around it, and both in words."""

    kind: str
    label: str
    shown: str
    width: str
    low: str
    high: str
    cases: str
    title: str


@dataclass(frozen=True)
class Row:
    """An indicator, with its two bars if it has been measured."""

    told: Told
    bars: Sequence[Bar]


def drawn(indicators: Sequence[Told]) -> list[Row]:
    """All on one scale, so that they can be compared."""
    sides = [
        side
        for each in indicators
        if each.comparison
        for side in (each.comparison.having, each.comparison.others)
        if side.cases
    ]
    top = min(1.0, ceiling([side.interval.high for side in sides]))
    return [
        Row(each, _bars(each.comparison, top) if each.comparison else ()) for each in indicators
    ]


def _bars(comparison: Comparison, top: float) -> list[Bar]:
    return [
        _bar("having", _("With it"), comparison.having, top),
        _bar("others", _("Without it"), comparison.others, top),
    ]


def _bar(kind: str, label: str, rate: Rate, top: float) -> Bar:
    cases = _("%(won)s of %(cases)s") % {"won": number(rate.won), "cases": number(rate.cases)}
    if rate.share is None:
        return Bar(kind, label, percent(None), "0", "", "", cases, cases)
    interval = rate.interval
    title = _("%(share)s won (%(cases)s); in 95 of 100 samples between %(low)s and %(high)s") % {
        "share": percent(rate.share),
        "cases": cases,
        "low": percent(interval.low),
        "high": percent(interval.high),
    }
    return Bar(
        kind,
        label,
        percent(rate.share, 0),
        _place(rate.share, top),
        _place(interval.low, top),
        _place(interval.high, top),
        cases,
        title,
    )


def _place(share: float, top: float) -> str:
    return f"{min(share / top, 1.0) * 100:.2f}"
