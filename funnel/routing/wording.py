"""Why a lead went to somebody, or to nobody, in one sentence."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from funnel.models import RoutingRule
from leadmgmt.ui import formatting

LONGEST = 500
MOST_REASONS = 4


def by_company(rule: RoutingRule, name: str) -> str:
    """Whoever has the company has the lead."""
    sentence = _("Routed by rule %(number)d “%(rule)s”: %(name)s has the company already")
    return _cut(sentence % {**_rule(rule), "name": name}, ())


def by_name(rule: RoutingRule, name: str, kept: str) -> str:
    """The rule names a person."""
    sentence = _("Routed by rule %(number)d “%(rule)s”: it names %(name)s")
    return _cut(sentence % {**_rule(rule), "name": name}, [kept])


def in_turn(rule: RoutingRule, name: str, eligible: int, others: Sequence[str]) -> str:
    """The turn of a team, and why it was not somebody else's."""
    told = {**_rule(rule), "name": name, "team": rule.whom}
    if eligible == 1:
        sentence = _("Routed by rule %(number)d “%(rule)s”: only %(name)s of team %(team)s can")
    else:
        sentence = _(
            "Routed by rule %(number)d “%(rule)s”, round robin in team %(team)s: %(name)s's turn"
        )
    return _cut(sentence % told, others)


def nobody(rule: RoutingRule, others: Sequence[str]) -> str:
    """Nobody, and why not each of them."""
    told = {**_rule(rule), "whom": rule.whom}
    said = any(others)
    sentence = _("Nobody eligible: rule %(number)d “%(rule)s” gives to %(whom)s")
    if not said and rule.team_id:
        sentence = _("Nobody eligible: rule %(number)d “%(rule)s” finds nobody in team %(whom)s")
    return _cut(sentence % told, others)


def asleep(rule: RoutingRule, opens_at: datetime) -> str:
    """Nobody yet."""
    told = {**_rule(rule), "whom": rule.whom, "moment": formatting.moment(opens_at)}
    sentence = _("Rule %(number)d “%(rule)s” waits: %(whom)s works again from %(moment)s")
    return _cut(sentence % told, ())


def after(why: str, missed: RoutingRule) -> str:
    """A rule before had nobody and passed the lead on."""
    sentence = _("%(why)s Rule %(number)d “%(rule)s” found nobody.")
    return (sentence % {"why": why, **_rule(missed)})[:LONGEST]


def does_not_sell(name: str) -> str:
    """A role that gets no leads."""
    return _("%(name)s does not sell") % {"name": name}


def sent_back(name: str) -> str:
    """Not to the same rep again."""
    return _("%(name)s has sent this lead back before") % {"name": name}


def takes_none(name: str) -> str:
    """No turns."""
    return _("%(name)s takes no turns") % {"name": name}


def is_full(name: str, held: int) -> str:
    """As many as they can work on."""
    said = ngettext(
        "%(name)s has %(held)d open lead, as many as agreed",
        "%(name)s has %(held)d open leads, as many as agreed",
        held,
    )
    return said % {"name": name, "held": held}


def _rule(rule: RoutingRule) -> dict[str, object]:
    return {"number": rule.number, "rule": rule.name}


def _cut(sentence: str, others: Sequence[str]) -> str:
    said = [each for each in dict.fromkeys(others) if each]
    shown = said[:MOST_REASONS]
    if len(said) > len(shown):
        shown.append(_("and %(more)d more") % {"more": len(said) - len(shown)})
    return f"{'; '.join([sentence, *shown])}."[:LONGEST]
