"""Rules and classes in plain words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.ui.formatting import number
from leads.conditions import parse, read_aloud
from leads.models import Grade, LeadClass
from scoring.meaning import read_in, read_rule
from scoring.models import Decay, Decision, ModelVersion, Per, Rule, RuleKind


def sentence_of(rule: Rule, *, is_pointless: bool = False) -> str:
    """What the rule looks for, how often it gives its points and how many at most.

    `is_pointless`: without a word about points.
    """
    if rule.kind == RuleKind.PROFILE:
        return read_rule(rule)
    parts = [_each(rule) % {"happened": _happened(rule)}]
    if rule.cap is not None and not is_pointless:
        points = ngettext("at most %(cap)s point", "at most %(cap)s points", rule.cap)
        parts.append(points % {"cap": rule.cap})
    if fading := fading_of(rule):
        parts.append(fading)
    return ", ".join(parts)


def fading_of(rule: Rule) -> str:
    """How its points fade; empty when they do not."""
    if rule.decay == Decay.HALF_LIFE:
        days = rule.half_life_days or 0
        said = ngettext("half of it after %(days)s day", "half of it after %(days)s days", days)
        return said % {"days": days}
    steps = [
        _("%(percent)s%% after %(days)s days") % {"percent": percent, "days": days}
        for days, percent in (rule.steps if rule.decay == Decay.STEPS else ())
    ]
    return _("fading to %(steps)s") % {"steps": ", ".join(steps)} if steps else ""


def _each(rule: Rule) -> str:
    return {
        Per.ONCE: "%(happened)s",
        Per.OCCURRENCE: _("each time %(happened)s"),
        Per.DAY: _("each day on which %(happened)s"),
    }[Per(rule.per)]


def _happened(rule: Rule) -> str:
    window = {} if rule.window_days is None else {"within_days": rule.window_days}
    tree: dict[str, Any] = {**rule.condition, **window}
    return read_aloud(parse(tree, is_stored=True))


def class_sentence(version: ModelVersion, score: int, lead_class: str = "", grade: str = "") -> str:
    """Why a lead of this score has its class."""
    values = {"score": number(score), "hot": version.hot_from, "warm": version.warm_from}
    band = class_of(version, score)
    said = {
        LeadClass.HOT: _("Hot, because %(score)s is at least %(hot)s."),
        LeadClass.WARM: _("Warm, because %(score)s is at least %(warm)s; hot starts at %(hot)s."),
        LeadClass.COLD: _("Cold, because %(score)s is below %(warm)s, where warm starts."),
    }
    if lead_class in ("", band):
        return said[band] % values
    values |= {
        "class": LeadClass(lead_class).label,
        "band": str(band.label).lower(),
        "grade": grade or _("none"),
    }
    return (
        _("%(class)s: a score of %(score)s is %(band)s; grade (%(grade)s) and urgency decide.")
        % values
    )


def grade_sentence(version: ModelVersion, score: int, grade: str) -> str:
    """Why a lead of this score has its grade."""
    better = [
        (letter, least)
        for letter, least in zip(Grade.values, version.grades, strict=False)
        if least > score
    ]
    values = {"grade": grade, "score": number(score)}
    if not better:
        return _("%(grade)s, for a fit of %(score)s points.") % values
    values |= {"next": better[-1][0], "least": better[-1][1]}
    return _("%(grade)s, for a fit of %(score)s points; %(next)s starts at %(least)s.") % values


def decision_sentence(lead_class: str, names: Sequence[str]) -> str:
    """Which decision rule made the class."""
    label = LeadClass(lead_class).label
    if not names:
        return _("%(class)s, because no decision rule holds.") % {"class": label}
    return _("%(class)s, because of the rule “%(name)s”.") % {"class": label, "name": names[0]}


def class_of(version: ModelVersion, score: int) -> LeadClass:
    """The class of a lead of this score."""
    if score >= version.hot_from:
        return LeadClass.HOT
    return LeadClass.WARM if score >= version.warm_from else LeadClass.COLD


def matrix_sentences(version: ModelVersion) -> list[str]:
    """Where the class is not the band, in words; and what makes a lead urgent."""
    said = [
        _cell_sentence(band, letter, cell)
        for band, row in version.matrix.items()
        for letter, cell in row.items()
    ]
    if said and version.urgency:
        asked = read_in(version, version.urgency)
        said.append(_("Urgent means: %(condition)s.") % {"condition": asked})
    return said


def _cell_sentence(band: str, letter: str, cell: Sequence[str]) -> str:
    calm, urgent = (str(LeadClass(each).label).lower() for each in cell)
    values = {"band": LeadClass(band).label, "letter": letter, "calm": calm, "urgent": urgent}
    if letter:
        whom = _("%(band)s by score with grade %(letter)s") % values
    else:
        whom = _("%(band)s by score without a grade") % values
    if calm == urgent:
        return _("%(whom)s is %(calm)s.") % (values | {"whom": whom})
    return _("%(whom)s is %(calm)s, urgent %(urgent)s.") % (values | {"whom": whom})


def decision_read(decision: Decision) -> str:
    """What a decision rule asks."""
    return read_rule(decision)
