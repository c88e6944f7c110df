"""Results in words: what was asked, what came out, how sure that is, what to be wary of."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.ui.formatting import number, percent
from leads.models import Stage
from scoring.backtest.judging import FEWEST_OF_EACH, Verdict
from scoring.cases import Study
from scoring.cases.known import UnknownThen
from scoring.cases.known import sentence_of as unknown_sentence
from scoring.cases.suspecting import Suspect
from scoring.cases.suspecting import sentence_of as suspect_sentence

Result = Mapping[str, Any]


def name_of(told: Mapping[str, Any]) -> str:
    """What a version of a result is called."""
    if told["number"] is None:
        return _("the draft")
    return _("version %(number)s") % {"number": told["number"]}


def good_leads(study: Study, labels: Mapping[str, str]) -> str:
    """Those who reached the outcome."""
    if study.is_by_field:
        return _("leads with “%(field)s” = %(value)s") % {
            "field": labels.get(study.field, study.field),
            "value": study.value,
        }
    return _("customers") if study.outcome == Stage.CUSTOMER else _("SQLs")


def study_sentence(study: Study, labels: Mapping[str, str]) -> str:
    """What the past was asked."""
    waited = ngettext("%(days)s day", "%(days)s days", study.wait_days) % {"days": study.wait_days}
    given = ngettext("%(days)s day", "%(days)s days", study.within_days) % {
        "days": study.within_days
    }
    return _(
        "Each lead is scored as it was known %(wait)s after it came. It counts as good when it is "
        "among the %(good)s within %(within)s after that."
    ) % {"wait": waited, "good": good_leads(study, labels), "within": given}


def verdict_sentence(result: Result, good: str) -> str:
    """What the cases say, with how far it may be off."""
    verdict = result.get("verdict", "")
    if verdict == Verdict.TOO_FEW:
        return _too_few(result, good)
    if not result.get("versions"):
        return ""
    one = result["versions"][0]
    values = {"one": _capital(name_of(one)), "good": good} | _area(one["area"])
    if len(result["versions"]) == 1:
        return _alone(verdict) % values
    other = result["versions"][1]
    return _beside(verdict) % (values | _compared(one, other, result["gap"]["caught"]))


def order_sentence(result: Result) -> str:
    """The same over all leads rather than the best fifth; nothing of a version alone."""
    gap = (result.get("gap") or {}).get("area")
    if gap is None or result["verdict"] == Verdict.SAME:
        return ""
    one, other = map(name_of, result["versions"])
    values = {
        "better": one if gap["value"] > 0 else other,
        "value": number(abs(gap["value"]), 3),
        "low": number(gap["low"], 3),
        "high": number(gap["high"], 3),
    }
    if gap["low"] > 0 or gap["high"] < 0:
        return (
            _(
                "Over all leads the order by %(better)s is surely the better one: its area under "
                "the curve is larger by %(value)s (difference %(low)s to %(high)s)."
            )
            % values
        )
    return (
        _("Over all leads neither order is surely the better one (difference %(low)s to %(high)s).")
        % values
    )


def confidence_sentence(result: Result) -> str:
    """A caution where the cases are but just enough."""
    if not result.get("is_thin"):
        return ""
    return _(
        "Only %(won)s of %(cases)s cases were good: enough for a hint, not for a proof. Fewer than "
        "100 of either kind leave wide intervals."
    ) % {"won": number(result["won"]), "cases": number(result["cases"])}


def _too_few(result: Result, good: str) -> str:
    return _(
        "Too few cases to judge: %(cases)s leads could be decided about, %(won)s of them became "
        "%(good)s. At least %(least)s good ones and %(least)s others are needed; ask about a "
        "longer time, or wait."
    ) % {
        "cases": number(result["cases"]),
        "won": number(result["won"]),
        "good": good,
        "least": FEWEST_OF_EACH,
    }


def _area(area: Mapping[str, float]) -> dict[str, str]:
    return {
        "area": percent(area["value"], 0),
        "area_low": percent(area["low"], 0),
        "area_high": percent(area["high"], 0),
    }


def _alone(verdict: str) -> str:
    if verdict == Verdict.ORDERS:
        return _(
            "%(one)s puts good leads first: of one of the %(good)s and another lead, the former "
            "has the higher score in %(area)s of all pairs (%(area_low)s to %(area_high)s; chance "
            "is 50%%)."
        )
    if verdict == Verdict.REVERSED:
        return _(
            "%(one)s puts good leads last: of one of the %(good)s and another lead, the former "
            "has the higher score in only %(area)s of all pairs (%(area_low)s to %(area_high)s)."
        )
    return _(
        "%(one)s does not tell the %(good)s from the others: it is right in %(area)s of all pairs "
        "(%(area_low)s to %(area_high)s), and chance is 50%%."
    )


def _beside(verdict: str) -> str:
    if verdict == Verdict.SAME:
        return _(
            "%(one)s says the same as %(other)s, so there is nothing to choose between: the best "
            "fifth holds %(a)s of the %(good)s."
        )
    if verdict == Verdict.BETTER:
        return _(
            "%(one)s finds more of the %(good)s among its best fifth: %(a)s against %(b)s by "
            "%(other)s. The difference is %(low)s to %(high)s percentage points, surely above 0."
        )
    if verdict == Verdict.WORSE:
        return _(
            "%(one)s finds fewer of the %(good)s among its best fifth: %(a)s against %(b)s by "
            "%(other)s. The difference is %(low)s to %(high)s percentage points, surely below 0."
        )
    return _(
        "These cases do not say which is better: the best fifth of %(one_inside)s holds %(a)s of "
        "the %(good)s, that of %(other)s %(b)s. The difference may be anything from %(low)s to "
        "%(high)s percentage points."
    )


def _compared(one: Result, other: Result, gap: Mapping[str, float]) -> dict[str, str]:
    return {
        "one_inside": name_of(one),
        "other": name_of(other),
        "a": percent(one["best"]["caught"], 0),
        "b": percent(other["best"]["caught"], 0),
        "low": number(gap["low"] * 100, 1),
        "high": number(gap["high"] * 100, 1),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def warnings_of(result: Result, study: Study, labels: Mapping[str, str]) -> Iterator[str]:
    """What a reader should know of the fields and the leads."""
    if result.get("early"):
        yield ngettext(
            "%(count)s lead was good before its decision moment and is no case: give a shorter "
            "time to decide if that is many.",
            "%(count)s leads were good before their decision moment and are no cases: give a "
            "shorter time to decide if that is many.",
            result["early"],
        ) % {"count": number(result["early"])}
    if result.get("open"):
        yield ngettext(
            "%(count)s lead still has time to become good and is no case yet.",
            "%(count)s leads still have time to become good and are no cases yet.",
            result["open"],
        ) % {"count": number(result["open"])}
    seen: dict[str, str] = {}
    for version in result.get("versions", ()):
        seen |= {each["field"]: each["how"] for each in version["warnings"]}
    for name, how in sorted(seen.items()):
        yield unknown_sentence(labels.get(name, name), UnknownThen(how))
    for suspect in map(Suspect.from_json, result.get("suspects", ())):
        field = labels.get(suspect.field, suspect.field)
        yield f"“{field}”: {suspect_sentence(suspect, labels)}"
    if study.without:
        fields = ", ".join(f"“{labels.get(each, each)}”" for each in sorted(study.without))
        yield _("Left out, with the rules that ask for them: %(fields)s.") % {"fields": fields}


def rule_verdict(rule: Mapping[str, Any]) -> str:
    """Whether those who got its points won more often than the others: a word."""
    if rule.get("is_left_out"):
        return "left_out"
    if not rule.get("cases") or not rule.get("others"):
        return "nobody" if not rule.get("cases") else "everybody"
    if rule["low_gap"] > 0:
        return "more"
    return "less" if rule["high_gap"] < 0 else "unsure"


def misled(rules: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rules whose sign the cases surely contradict."""
    wrong = {True: "less", False: "more"}
    return [
        each for each in rules if each["points"] and rule_verdict(each) == wrong[each["points"] > 0]
    ]
