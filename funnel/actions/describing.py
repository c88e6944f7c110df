"""What a definition may say: criteria, sub-categories, moves and exit reasons."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.strict import refuse_unfit_text
from leads.conditions import WrongCondition, parse
from leads.models import Stage

MOST_SUBCATEGORIES = 12
MOST_REASONS = 20
LONGEST_NAME = 60
LONGEST_REASON = 100
LONGEST_EXPLANATION = 500
WITH_CRITERIA = (Stage.MQL, Stage.SQL, Stage.NURTURING, Stage.DISQUALIFIED)
"""Whoever we know is a lead, and a won deal makes a customer: those two have no criteria."""


class CannotProposeChange(Refusal):
    """The draft is not fit to be discussed."""


def checked(stage: str, content: dict[str, Any]) -> None:
    """Refuse what says nothing sensible; tidies what is only untidy."""
    if content["condition"]:
        _check_criteria(stage, content["condition"])
    team = content.get("owner_team")
    if team is not None and team.retired_at is not None:
        sentence = _("The team %(team)s has been dissolved; choose another.")
        raise CannotProposeChange(sentence % {"team": team}, field="owner_team")
    content["subcategories"] = _subcategories(content["subcategories"])
    content["exit_reasons"] = _exit_reasons(content["exit_reasons"])
    content["moves_to"] = _moves(stage, content["moves_to"])


def _check_criteria(stage: str, condition: dict[str, Any]) -> None:
    if stage not in WITH_CRITERIA:
        sentence = _("%(stage)s has no criteria: %(why)s")
        why = _("everybody we know is a lead.") if stage == Stage.LEAD else _("a won deal decides.")
        values = {"stage": Stage(stage).label, "why": why}
        raise CannotProposeChange(sentence % values, field="condition")
    parse(condition)


def _subcategories(told: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if len(told) > MOST_SUBCATEGORIES:
        sentence = _("A stage has %(most)d sub-categories at most, not %(count)d.")
        values = {"most": MOST_SUBCATEGORIES, "count": len(told)}
        raise CannotProposeChange(sentence % values, field="subcategories")
    made = [_subcategory(each) for each in told]
    _require_different([each["name"] for each in made], "subcategories")
    for each in made[:-1]:
        if not each["condition"]:
            sentence = _(
                "“%(name)s” has no condition and takes everybody, so that nobody gets to those"
                " after it. Put it last, or give it a condition."
            )
            raise CannotProposeChange(sentence % each, field="subcategories")
    return made


def _subcategory(told: Mapping[str, Any]) -> dict[str, Any]:
    name = _text(told.get("name"), LONGEST_NAME, "subcategories")
    explanation = str(told.get("explanation") or "").strip()[:LONGEST_EXPLANATION]
    refuse_unfit_text(explanation)
    condition = told.get("condition") or {}
    if condition:
        try:
            parse(condition)
        except WrongCondition as wrong:
            sentence = _("In “%(name)s”: %(problem)s")
            values = {"name": name, "problem": wrong.sentence}
            raise CannotProposeChange(sentence % values, field="subcategories") from wrong
    return {"name": name, "explanation": explanation, "condition": condition}


def _exit_reasons(told: Sequence[str]) -> list[str]:
    made = [_text(each, LONGEST_REASON, "exit_reasons") for each in told]
    if len(made) > MOST_REASONS:
        sentence = _("A stage has %(most)d exit reasons at most, not %(count)d.")
        values = {"most": MOST_REASONS, "count": len(made)}
        raise CannotProposeChange(sentence % values, field="exit_reasons")
    _require_different(made, "exit_reasons")
    return made


def _moves(stage: str, told: Sequence[str]) -> list[str]:
    for each in told:
        if each not in Stage.values:
            sentence = _("“%(value)s” is no stage; known are: %(known)s.")
            values = {"value": str(each)[:40], "known": ", ".join(Stage.values)}
            raise CannotProposeChange(sentence % values, field="moves_to")
    return [str(each.value) for each in Stage if each in told and each != stage]


def _text(told: Any, longest: int, field: str) -> str:
    text = str(told or "").strip()
    refuse_unfit_text(text)
    if not text:
        raise CannotProposeChange(_("Give it a name; it is empty."), field=field)
    if len(text) > longest:
        sentence = _("“%(text)s…” has %(length)d characters; at most %(most)d fit.")
        values = {"text": text[:30], "length": len(text), "most": longest}
        raise CannotProposeChange(sentence % values, field=field)
    return text


def _require_different(names: Sequence[str], field: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            sentence = _("“%(name)s” stands there twice; once is enough.")
            raise CannotProposeChange(sentence % {"name": name}, field=field)
        seen.add(name.lower())
