"""What the figures of an indicator allow to say."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.translation import gettext as _

from leadmgmt.ui.formatting import number, percent
from scoring.models import IndicatorFigure
from scoring.statistics.intervals import Interval, newcombe, wilson

FEWEST = 30
"""Cases with an indicator, and without it, below which nothing is said.

From Wilson's formula: with fewer than 30 cases the 95 % interval of any share between one in four
and three in four is wider than 30 points, so that one lead in five and one in two look alike.
"""


class Verdict(StrEnum):
    """Whether leads with the indicator win more often."""

    MORE = "more"
    NO_DIFFERENCE = "no_difference"  # the interval of the difference holds zero
    LESS = "less"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Rate:
    """How many of so many cases won."""

    won: int
    cases: int

    @property
    def share(self) -> float | None:
        """None of no case."""
        return self.won / self.cases if self.cases else None

    @cached_property
    def interval(self) -> Interval:
        """Where the share lies in 95 of 100 samples."""
        return wilson(self.won, self.cases)


@dataclass(frozen=True)
class Comparison:
    """Leads with an indicator against the others."""

    having: Rate
    others: Rate

    @cached_property
    def difference(self) -> Interval:
        """By how much leads with it win more often."""
        having, others = self.having, self.others
        return newcombe(having.won, having.cases, others.won, others.cases)

    @property
    def verdict(self) -> Verdict:
        """What can be said."""
        if min(self.having.cases, self.others.cases) < FEWEST:
            return Verdict.TOO_FEW
        if self.difference.low > 0:
            return Verdict.MORE
        return Verdict.LESS if self.difference.high < 0 else Verdict.NO_DIFFERENCE

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        if self.verdict is Verdict.TOO_FEW:
            return _too_few(self.having.cases, self.others.cases)
        shares = {
            "having": percent(self.having.share, 0),
            "others": percent(self.others.share, 0),
        }
        return {
            Verdict.MORE: _("Leads with it win more often: %(having)s against %(others)s."),
            Verdict.LESS: _("Leads with it win less often: %(having)s against %(others)s."),
            Verdict.NO_DIFFERENCE: _(
                "No difference shown (%(having)s against %(others)s): guesswork so far."
            ),
        }[self.verdict] % shares


def comparison_of(figure: IndicatorFigure) -> Comparison:
    """The two sides of a stored figure."""
    return Comparison(
        Rate(figure.won_with, figure.cases_with), Rate(figure.won_without, figure.cases_without)
    )


def _too_few(having: int, others: int) -> str:
    values = {"cases": number(min(having, others)), "fewest": FEWEST}
    if having <= others:
        return _("Too few cases to say: %(cases)s, at least %(fewest)s are needed.") % values
    return _("Too few cases without it to say: %(cases)s, at least %(fewest)s are needed.") % values
