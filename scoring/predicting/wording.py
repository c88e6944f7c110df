"""Features, levels and reasons in plain words."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leadmgmt.ui.formatting import money, number
from leads.conditions import ValueKind, known_fields
from leads.conditions.currency import currency_code
from leads.kinds import Kind
from scoring.predicting.behaviour import SPANS
from scoring.predicting.features import DOUBLE, Feature

YES_NO = {"true": gettext_lazy("yes"), "false": gettext_lazy("no")}


Speaker = Callable[[float], str]


class Namer:
    """Says features and levels aloud; asks for the names of fields once."""

    def __init__(self) -> None:
        self.fields = known_fields(with_retired=True)
        self.kinds = dict(Kind.choices)

    def feature(self, feature: Feature) -> str:
        """What is looked at."""
        return self.name(feature.name)

    def name(self, name: str) -> str:
        """What is looked at, by the name of the feature."""
        if name == "quiet":
            return _("days since they were last active")
        if name.startswith("page:"):
            return _("looked at %(page)s in the last 90 days") % {
                "page": name.removeprefix("page:")
            }
        if name.startswith("did:"):
            _word, kind, span = name.split(":")
            return f"“{self.kinds.get(kind, kind)}” {_span(int(span))}"
        field = self.fields.get(name)
        return str(field.label) if field else name

    def level(self, feature: Feature, level: int) -> str:
        """What is found: “country: Norway”, “phone is not known”."""
        if feature.name == "quiet" or feature.name.startswith(("page:", "did:")):
            return self._did(feature, level)
        label = self.feature(feature)
        if level == feature.unknown:
            return _("%(field)s is not known") % {"field": label}
        if feature.is_number:
            return f"{label}: {_band(feature.cuts, level, self._speaker(feature))}"
        if feature.name == "phone" and level < len(feature.values):
            return _("%(field)s is known") % {"field": label}
        return f"{label}: {self._value(feature, level)}"

    def _speaker(self, feature: Feature) -> Speaker:
        """Amounts are kept in the smallest units of the workspace's currency."""
        field = self.fields.get(feature.name)
        if field is None or field.kind is not ValueKind.MONEY:
            return _short
        currency = currency_code()
        return lambda value: money(round(value), currency)

    def _value(self, feature: Feature, level: int) -> str:
        if level >= len(feature.values):
            return _("something rare")
        value = feature.values[level]
        field = self.fields.get(feature.name)
        choices = {key: str(label) for key, label in field.choices} if field else {}
        return choices.get(value) or str(YES_NO.get(value, value))

    def _did(self, feature: Feature, level: int) -> str:
        if feature.name == "quiet":
            if level == feature.unknown:
                return _("not active in the last 90 days")
            return _("last active %(days)s days before") % {"days": _band(feature.cuts, level)}
        times = _times(feature.cuts, level)
        if feature.name.startswith("page:"):
            page = {"page": feature.name.removeprefix("page:"), "times": times}
            return _("looked at %(page)s %(times)s in the last 90 days") % page
        _word, kind, span = feature.name.split(":")
        return f"“{self.kinds.get(kind, kind)}” {times} {_span(int(span))}"


def _span(span: int) -> str:
    words = {
        SPANS[0]: _("in the last 7 days"),
        SPANS[1]: _("8 to 30 days before"),
        SPANS[2]: _("31 to 90 days before"),
    }
    return words[span]


def _times(cuts: tuple[float, ...], level: int) -> str:
    if level == 0 or level > len(cuts):
        return _("not once")
    low = int(cuts[level - 1])
    if level == len(cuts):
        return _("%(low)s times or more") % {"low": low}
    high = int(cuts[level]) - 1
    if high == low:
        return ngettext("%(low)s time", "%(low)s times", low) % {"low": low}
    return _("%(low)s to %(high)s times") % {"low": low, "high": high}


def _short(value: float) -> str:
    return number(value) if value == int(value) else number(value, 2)


def _band(cuts: tuple[float, ...], level: int, say: Speaker = _short) -> str:
    if not cuts:
        return _("known")
    if level == 0:
        return _("less than %(high)s") % {"high": say(cuts[0])}
    if level == len(cuts):
        return _("%(low)s or more") % {"low": say(cuts[-1])}
    ends = {"low": say(cuts[level - 1]), "high": say(cuts[level])}
    return _("from %(low)s to less than %(high)s") % ends


def effect(points: int) -> str:
    """What points do to the chance, in words."""
    if points == 0:
        return _("changes nothing")
    factor = number(2 ** (abs(points) / DOUBLE), 1)
    if points > 0:
        return _("raises the chance: odds × %(factor)s") % {"factor": factor}
    return _("lowers the chance: odds ÷ %(factor)s") % {"factor": factor}


def refusal(figures: Mapping[str, int], fewest: int, of_each: int) -> str:
    """Why nothing could be learnt, with the numbers and what to do."""
    cases = ngettext("There is %(cases)s case", "There are %(cases)s cases", figures["cases"])
    said = cases % {"cases": number(figures["cases"])}
    rest = {
        "won": number(figures["won"]),
        "lost": number(figures["cases"] - figures["won"]),
        "fewest": number(fewest),
        "each": number(of_each),
        "open": number(figures["open"]),
        "early": number(figures["early"]),
    }
    return (
        said
        + ", "
        + _(
            "%(won)s of which reached the outcome and %(lost)s did not. A model needs at least "
            "%(fewest)s cases, %(each)s of each kind. %(open)s more leads are waiting for the end "
            "of their period, and %(early)s were good ones before the decision: ask for more "
            "leads, decide earlier, give them less time, or ask again later."
        )
        % rest
    )
