"""How the predictive model does beside the rules, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.ui.formatting import number, percent
from scoring.backtest.judging import FEWEST_OF_EACH, Verdict
from scoring.backtest.prediction import LOOKS

Told = Mapping[str, Any]


def cases_sentence(told: Told) -> str:
    """On which cases it is judged."""
    if told["verdict"] == LOOKS:
        return ""
    count = ngettext(
        "%(taught)s lead it may have learnt from is left out",
        "%(taught)s leads it may have learnt from are left out",
        told["taught"],
    ) % {"taught": number(told["taught"])}
    left = _("%(cases)s are left, %(won)s of them good") % {
        "cases": number(told["cases"]),
        "won": number(told["won"]),
    }
    if told.get("asked", told["cases"]) == told["cases"]:
        return f"{count}; {left}."
    spread = _("%(asked)s of these, from the whole time, are asked")
    return f"{count}; {left}; {spread % {'asked': number(told['asked'])}}."


def prediction_sentence(told: Told, one: str, good: str, labels: Mapping[str, str]) -> str:
    """What these cases say, or why nothing is said."""
    if told["verdict"] == LOOKS:
        fields = ", ".join(f"“{labels.get(each, each)}”" for each in told["fields"])
        return _(
            "Not judged: it looks at %(fields)s, which this back-test leaves out. Train one that "
            "does not, and ask again."
        ) % {"fields": fields}
    if told["verdict"] == Verdict.TOO_FEW:
        return _(
            "Too few cases to judge it: at least %(least)s good ones and %(least)s others that it "
            "has not learnt from are needed. Ask about leads that came after its training."
        ) % {"least": FEWEST_OF_EACH}
    return _compared(told) % {
        "one": one,
        "good": good,
        "mine": percent(told["prediction"]["best"]["caught"], 0),
        "rules": percent(told["versions"][0]["best"]["caught"], 0),
        "low": number(told["gap"]["caught"]["low"] * 100, 1),
        "high": number(told["gap"]["caught"]["high"] * 100, 1),
    }


def _compared(told: Told) -> str:
    if told["verdict"] == Verdict.BETTER:
        return _(
            "It finds more of the %(good)s among its best fifth than %(one)s: %(mine)s against "
            "%(rules)s. The difference is %(low)s to %(high)s percentage points, surely above 0."
        )
    if told["verdict"] == Verdict.WORSE:
        return _(
            "It finds fewer of the %(good)s among its best fifth than %(one)s: %(mine)s against "
            "%(rules)s. The difference is %(low)s to %(high)s percentage points, surely below 0."
        )
    return _(
        "These cases do not say which is better: its best fifth holds %(mine)s of the %(good)s, "
        "that of %(one)s %(rules)s. The difference may be anything from %(low)s to %(high)s "
        "percentage points."
    )
