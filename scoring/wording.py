"""Rules and classes in plain words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.ui.formatting import number
from leads.conditions import parse, read_aloud
from leads.models import LeadClass
from scoring.models import Per, Rule, RuleKind, ScoreModel


def sentence_of(rule: Rule) -> str:
    """What the rule looks for, how often it gives its points and how many at most."""
    if rule.kind == RuleKind.PROFILE:
        return read_aloud(parse(rule.condition, is_stored=True))
    parts = [_each(rule) % {"happened": _happened(rule)}]
    if rule.cap is not None:
        points = ngettext("at most %(cap)s point", "at most %(cap)s points", rule.cap)
        parts.append(points % {"cap": rule.cap})
    return ", ".join(parts)


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


def class_sentence(model: ScoreModel, score: int) -> str:
    """Why a lead of this score has its class."""
    values = {"score": number(score), "hot": model.hot_from, "warm": model.warm_from}
    if score >= model.hot_from:
        return _("Hot, because %(score)s is at least %(hot)s.") % values
    if score >= model.warm_from:
        return _("Warm, because %(score)s is at least %(warm)s; hot starts at %(hot)s.") % values
    return _("Cold, because %(score)s is below %(warm)s, where warm starts.") % values


def class_of(model: ScoreModel, score: int) -> LeadClass:
    """The class of a lead of this score."""
    if score >= model.hot_from:
        return LeadClass.HOT
    return LeadClass.WARM if score >= model.warm_from else LeadClass.COLD
