"""The questions of a qualification, the rule that makes it positive, and reasons to send back.

Kept as JSON in a `Playbook`; these are the shapes, and what a workspace begins with. The usual
questions and reasons are told in the reader's language as long as nobody rewords them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _


class Demand(StrEnum):
    """What the answer to a question must be before a qualification can be positive."""

    NOTHING = ""
    KNOWN = "known"
    NOT_AGAINST = "not_against"
    IN_FAVOUR = "in_favour"


DEMANDS = (
    (Demand.NOTHING.value, gettext_lazy("Nothing")),
    (Demand.KNOWN.value, gettext_lazy("Must be answered")),
    (Demand.NOT_AGAINST.value, gettext_lazy("Must not speak against buying")),
    (Demand.IN_FAVOUR.value, gettext_lazy("Must speak for buying")),
)
"""The same in words."""


@dataclass(frozen=True)
class Question:
    """One question: its words, which answer speaks for buying, and what the rule demands.

    `is_dated`: the answer has a day, or words for one. Retired questions are asked no more.
    """

    key: str
    label: str
    hint: str = ""
    in_favour: str = "yes"
    demand: str = Demand.NOTHING
    is_dated: bool = False
    is_retired: bool = False

    @property
    def words(self) -> str:
        """The question as it is asked."""
        return gettext(self.label) if self.label else ""

    @property
    def advice(self) -> str:
        """What to ask, word by word."""
        return gettext(self.hint) if self.hint else ""

    @property
    def against(self) -> str:
        """The answer that speaks against buying."""
        return "no" if self.in_favour == "yes" else "yes"


@dataclass(frozen=True)
class Reason:
    """Why somebody accepts, rejects or recycles an MQL."""

    key: str
    label: str

    @property
    def words(self) -> str:
        """As it is shown."""
        return gettext(self.label)


USUAL: tuple[Question, ...] = (
    Question(
        "budget",
        _("Budget"),
        _("What have you set aside for this, and whose budget is it?"),
        demand=Demand.KNOWN,
    ),
    Question(
        "authority",
        _("Authority"),
        _("Who decides, who else has a say, and how do you usually decide?"),
        demand=Demand.KNOWN,
    ),
    Question(
        "need",
        _("Need"),
        _("What happens if you change nothing? What have you tried?"),
        demand=Demand.KNOWN,
    ),
    Question(
        "timing",
        _("Timing: when they buy"),
        _("By when do you want to have decided?"),
        demand=Demand.KNOWN,
        is_dated=True,
    ),
    Question(
        "delivery",
        _("Timing: when it must be delivered"),
        _("On which day must it be running, and what hangs on it?"),
        is_dated=True,
    ),
    Question(
        "approval",
        _("A final approval is outstanding"),
        _("Who still has to sign, and what do they want to see?"),
        in_favour="no",
    ),
    Question(
        "right_time",
        _("Now is the right time"),
        _("Is there anything that should be settled before we go on?"),
    ),
)

REASONS: Mapping[str, tuple[Reason, ...]] = {
    "accepted": (
        Reason("fits", _("Fits our customers")),
        Reason("asked", _("Asked to be contacted")),
        Reason("knows_us", _("Somebody there knows us")),
    ),
    "rejected": (
        Reason("wrong_person", _("Wrong person")),
        Reason("wrong_firm", _("Not a firm we sell to")),
        Reason("no_contact", _("Cannot be reached: wrong number or address")),
        Reason("not_interested", _("Never was interested")),
        Reason("duplicate", _("Is here twice")),
        Reason("other", _("Something else")),
    ),
    "recycled": (
        Reason("no_budget_yet", _("No budget yet")),
        Reason("no_time_yet", _("Other things come first")),
        Reason("under_contract", _("Bound by a contract")),
        Reason("silent", _("Does not answer")),
        Reason("other", _("Something else")),
    ),
}


def usual_questions() -> list[dict[str, Any]]:
    """What a workspace asks until it says otherwise."""
    return [asdict(each) for each in USUAL]


def usual_reasons() -> dict[str, list[dict[str, Any]]]:
    """Why MQLs are accepted, rejected and recycled until a workspace says otherwise."""
    return {kind: [asdict(each) for each in some] for kind, some in REASONS.items()}


def read_questions(rows: Iterable[Mapping[str, Any]]) -> list[Question]:
    """Questions as a playbook keeps them."""
    return [Question(**row) for row in rows]


def read_reasons(rows: Iterable[Mapping[str, Any]]) -> list[Reason]:
    """Reasons as a playbook keeps them."""
    return [Reason(**row) for row in rows]


Answers = Mapping[str, Mapping[str, Any]]
"""Key of a question → answer, note, when, by (who said it), on (the day)."""


def answer_to(question: Question, answers: Answers) -> str:
    """Yes, partly, no or unknown."""
    return str(answers.get(question.key, {}).get("answer") or "unknown")


def in_favour(questions: Sequence[Question], answers: Answers) -> int:
    """How many answers speak for buying; partly does."""
    return sum(answer_to(each, answers) in (each.in_favour, "partly") for each in questions)


def unmet(questions: Sequence[Question], answers: Answers) -> dict[str, list[Question]]:
    """Demand → questions whose answers do not meet it."""
    return {
        demand: [each for each in questions if each.demand == demand and not_met(each, answers)]
        for demand in (Demand.KNOWN, Demand.NOT_AGAINST, Demand.IN_FAVOUR)
    }


def not_met(question: Question, answers: Answers) -> bool:
    """Does the answer fall short of what the rule demands?"""
    answer = answer_to(question, answers)
    if question.demand == Demand.KNOWN:
        return answer == "unknown"
    if question.demand == Demand.NOT_AGAINST:
        return answer == question.against
    return question.demand == Demand.IN_FAVOUR and answer != question.in_favour
