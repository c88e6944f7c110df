"""One sentence for the seller, made of the weightiest contributions with their latest facts."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.ui import formatting
from leads.conditions import PropertyTest
from leads.kinds import Kind
from leads.models import LeadClass
from scoring.models import Rule, RuleKind
from scoring.queries.explaining import Explanation, Given
from scoring.rules import activity_of
from scoring.telling.evidence import Seen

WEIGHTIEST = 3
UNKNOWNS = 3
A_WEEK = 7
OFTEN = 2


def seller_sentence(
    told: Explanation, evidence: Mapping[int, Seen], unknown: Sequence[str], today: date
) -> str:
    """“Hot: asked for a demo yesterday, viewed “/pricing” 3 times this week; unknown: budget”."""
    weighty = sorted(told.given, key=lambda each: -each.points)
    for_it = [each for each in weighty if each.points > 0 and each.rule][:WEIGHTIEST]
    if told.score is None:
        for_it = list(told.given[:1])
    if not for_it:
        for_it = [each for each in reversed(weighty) if each.points < 0 and each.rule][:1]
    said = ", ".join(_reason(each, evidence, today) for each in for_it)
    parts = {"what": _what(told), "reasons": said or _("nothing speaks for it yet")}
    sentence = _("%(what)s: %(reasons)s") % parts
    if unknown:
        missing = ", ".join(unknown[:UNKNOWNS])
        sentence = _("%(sentence)s; unknown: %(fields)s") % {
            "sentence": sentence,
            "fields": missing,
        }
    return f"{sentence}."


def _what(told: Explanation) -> str:
    if told.lead_class:
        return str(LeadClass(told.lead_class).label)
    return _("Fit %(grade)s") % {"grade": told.grade} if told.grade else told.model.name


def _reason(given: Given, evidence: Mapping[int, Seen], today: date) -> str:
    rule = given.rule
    found = evidence.get(rule.pattern or 0) if rule is not None else None
    if rule is None or found is None or rule.kind == RuleKind.PROFILE:
        return lowered(given.name)
    return f"{did(rule)} {_when(found, today)}"


def did(rule: Rule) -> str:
    """What a lead did, as something that has happened."""
    test = activity_of(rule)
    if test.kind not in Kind.values:
        return lowered(rule.name)
    label = lowered(str(Kind(test.kind).label))
    paths = [
        each.test.value
        for each in test.where
        if isinstance(each, PropertyTest) and each.name == "path"
    ]
    if test.kind == Kind.PAGE_VIEW and paths:
        return _("viewed “%(path)s”") % {"path": paths[0]}
    return f"{label} (“{rule.name}”)" if test.where else label


def _when(seen: Seen, today: date) -> str:
    if seen.lately >= OFTEN:
        times = ngettext("%(times)s time this week", "%(times)s times this week", seen.lately)
        return times % {"times": formatting.number(seen.lately)}
    days = (today - seen.last_on).days
    if days < A_WEEK:
        near = {0: _("today"), 1: _("yesterday")}
        return near.get(days) or _("%(days)s days ago") % {"days": days}
    return _("on %(day)s") % {"day": formatting.day(seen.last_on)}


def lowered(text: str) -> str:
    """In the middle of a sentence; “CEO” and “iPhone” stay as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
