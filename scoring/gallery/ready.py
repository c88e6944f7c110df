"""A ready model, and the pieces it is written with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.utils.functional import Promise

from leads.kinds import Kind
from scoring.actions.content import Content, Grouped, GroupWords
from scoring.actions.words import RuleWords
from scoring.models import Decay, Per, RuleKind

Label = str | Promise
Tree = dict[str, Any]

WEB, MAIL = "Website", "Email"
REFERRED = (
    {"field": "source", "contains": "referral"},
    {"field": "medium", "contains": "referral"},
)
ASKED_LATELY: Tree = {"activity": Kind.FORM_SUBMITTED.value, "within_days": 7}
MATRIX = {
    "hot": {"D": ["warm", "hot"], "F": ["cold", "warm"]},
    "warm": {"A": ["warm", "hot"], "B": ["warm", "hot"], "F": ["cold", "warm"]},
}
"""A good fit that asks is hot at once; a lead that does not fit waits, however busy it is."""


@dataclass(frozen=True)
class ReadyModel:
    """Rules of an industry: `fit` grades what a lead is, `engagement` scores what it does."""

    key: str
    name: Label
    whom: Label
    icon: str
    fit: Sequence[Grouped]
    engagement: Sequence[Grouped]

    def main(self) -> Content:
        """The main model: what leads do."""
        return Content(
            rules=_spoken(self.engagement),
            groups=(GroupWords(WEB, 45), GroupWords(MAIL, 20)),
            hot_from=60,
            warm_from=25,
            least=0,
            matrix=MATRIX,
            urgency=ASKED_LATELY,
        )

    def grading(self) -> Content:
        """The model for fit: what leads are."""
        return Content(rules=_spoken(self.fit))


def as_text(name: Label) -> str:
    """A name that is put into words when the rule is written into a draft, not before."""
    return cast("str", name)


def _spoken(rules: Sequence[Grouped]) -> list[Grouped]:
    return [replace(each, words=replace(each.words, name=str(each.words.name))) for each in rules]


def known(name: Label, condition: Tree, points: int) -> Grouped:
    """A rule about what a lead is."""
    return Grouped(RuleWords(as_text(name), RuleKind.PROFILE, condition, points))


def title_with(*words: str) -> Tree:
    """One of these words is in the job title."""
    return any_of(*({"field": "job_title", "contains": word} for word in words))


def industry_with(*words: str) -> Tree:
    """One of these words is in the industry of the company."""
    return any_of(*({"field": "company.industry", "contains": word} for word in words))


def any_of(*conditions: Tree) -> Tree:
    """One of them is enough."""
    return {"any": list(conditions)}


def staff(least: int) -> Tree:
    """A company of so many people or more."""
    return {"field": "company.employees", "is_at_least": least}


def mail_is(provider: str) -> Tree:
    """Mail of its own, free or throw-away."""
    return {"field": "email_provider", "is": provider}


def page(name: Label, path: str, points: int, *, days: int = 30, cap: int = 24) -> Grouped:
    """Points for each day on which a page is read; half of them after two weeks."""
    condition: Tree = {
        "activity": Kind.PAGE_VIEW.value,
        "where": [{"property": "path", "contains": path}],
    }
    words = RuleWords(
        *(as_text(name), RuleKind.BEHAVIOUR, condition, points, Per.DAY, days, cap),
        decay=Decay.HALF_LIFE,
        half_life_days=14,
    )
    return Grouped(words, WEB)


def does(
    name: Label,
    kind: Kind,
    points: int,
    *,
    per: str = Per.OCCURRENCE,
    days: int | None = 90,
    cap: int | None = None,
    group: str = "",
) -> Grouped:
    """Points for something that happens."""
    condition: Tree = {"activity": kind.value}
    return Grouped(
        RuleWords(as_text(name), RuleKind.BEHAVIOUR, condition, points, per, days, cap), group
    )


def silent(name: Label, days: int, points: int) -> Grouped:
    """Points off when there was no visit for so many days."""
    condition: Tree = {"activity": Kind.VISIT.value, "never": True}
    return Grouped(RuleWords(as_text(name), RuleKind.BEHAVIOUR, condition, points, Per.ONCE, days))
