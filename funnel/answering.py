"""What somebody says about the questions of a playbook, checked and joined to what is known."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from funnel.models import Answer
from funnel.playbook import Answers, Question
from leadmgmt.kernel.refusals import Refusal

LONGEST = {"note": 500, "when": 80, "by": 200, "on": 10}


def joined_answers(
    known: Answers,
    told: Answers,
    questions: Sequence[Question],
    now: datetime,
    refusal: type[Refusal],
) -> dict[str, dict[str, Any]]:
    """The answers as they are now; what `told` leaves out of an answer stays."""
    asked = {each.key: each for each in questions}
    joined = {key: dict(answer) for key, answer in known.items()}
    for key, answer in told.items():
        if key not in asked:
            allowed = ", ".join(asked)
            sentence = _("“%(key)s” is no question of the playbook; it asks: %(allowed)s.")
            raise refusal(sentence % {"key": key[:40], "allowed": allowed}, field="answers")
        _refuse_odd(asked[key], answer, refusal)
        joined[key] = _of_today({"answer": "unknown", **joined.get(key, {}), **answer}, now)
    return joined


def _of_today(answer: dict[str, Any], now: datetime) -> dict[str, Any]:
    """An answer without a day was given today."""
    is_known = answer["answer"] != Answer.UNKNOWN or answer.get("note") or answer.get("when")
    if is_known and not answer.get("on"):
        answer["on"] = timezone.localtime(now).date().isoformat()
    return answer


def _refuse_odd(question: Question, answer: Mapping[str, Any], refusal: type[Refusal]) -> None:
    if answer.get("answer", "unknown") not in Answer.values:
        sentence = _("%(label)s: “%(value)s” is no answer; use yes, partly, no or unknown.")
        told = {"label": question.words, "value": str(answer["answer"])[:40]}
        raise refusal(sentence % told, field=question.key)
    for name, most in LONGEST.items():
        if len(str(answer.get(name, ""))) > most:
            sentence = _("%(label)s: “%(name)s” is longer than %(most)s characters.")
            told = {"label": question.words, "name": name, "most": str(most)}
            raise refusal(sentence % told, field=question.key)
    if answer.get("on") and not _is_day(str(answer["on"])):
        sentence = _("%(label)s: “%(value)s” is no day; write it as 2026-03-31.")
        told = {"label": question.words, "value": answer["on"]}
        raise refusal(sentence % told, field=question.key)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
