"""How a list of indicators is measured, said relative to the day it is measured on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Self

from django.utils.translation import gettext as _

from leads.models import Stage
from scoring.cases import CannotStudy, Study, check_study

OUTCOMES = (Stage.CUSTOMER.value, Stage.SQL.value)
LONGEST_WINDOW = 3_650


@dataclass(frozen=True)
class Terms:
    """Leads created in the last `window_days`, looked at `wait_days` after that.

    They have won when they reach `outcome` within `within_days` of that moment.
    """

    outcome: str = Stage.CUSTOMER.value
    window_days: int = 365
    wait_days: int = 14
    within_days: int = 90

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """As it was before; what was not said is as usual."""
        return cls(**{each.name: said[each.name] for each in fields(cls) if each.name in said})


def study_of(terms: Terms, *, now: datetime) -> Study:
    """The study of today; refuses terms that cannot be asked."""
    if terms.outcome not in OUTCOMES:
        raise CannotStudy(
            _("“%(outcome)s” is none of the outcomes %(known)s.")
            % {"outcome": terms.outcome, "known": ", ".join(OUTCOMES)},
            field="outcome",
        )
    if not 1 <= terms.window_days <= LONGEST_WINDOW:
        raise CannotStudy(
            _("%(days)s days are not possible; choose between 1 and %(most)s.")
            % {"days": terms.window_days, "most": LONGEST_WINDOW},
            field="window_days",
        )
    since = now - timedelta(days=terms.window_days)
    return check_study(Study(since, now, terms.outcome, "", "", terms.wait_days, terms.within_days))
