"""Where the shapes of the calibration chart stand, in percent of a square."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from leadmgmt.ui.formatting import number, percent


@dataclass(frozen=True)
class Dot:
    """A tenth of the cases: what was expected against what came, with its interval."""

    x: str
    y: str
    low: str
    high: str
    title: str


def calibration_dots(bins: Sequence[Mapping[str, float]]) -> list[Dot]:
    """A dot for each tenth; on the diagonal chances come true."""
    return [
        Dot(
            _place(each["expected"]),
            _place(1 - each["won"]),
            _place(1 - each["low"]),
            _place(1 - each["high"]),
            _("expected %(expected)s, came %(won)s of %(cases)s cases")
            % {
                "expected": percent(each["expected"]),
                "won": percent(each["won"]),
                "cases": number(each["cases"]),
            },
        )
        for each in bins
    ]


def _place(share: float) -> str:
    return f"{share * 100:.2f}%"
