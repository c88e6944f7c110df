"""All that a draft says, replaced as one document: by the API, and by a ready model."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from scoring.actions.drafting import lock_draft
from scoring.actions.rules import save_group, save_rule
from scoring.actions.sorting import (
    save_decision,
    set_bounds,
    set_grades,
    set_matrix,
    set_mode,
    set_thresholds,
)
from scoring.actions.words import CannotSaveRule, RuleWords
from scoring.models import Mode, ModelVersion, Purpose

HOT_FROM, WARM_FROM = 70, 35


@dataclass(frozen=True)
class GroupWords:
    """A group of rules and what they give at most together."""

    name: str
    cap: int


@dataclass(frozen=True)
class DecisionWords:
    """A decision rule."""

    name: str
    condition: Mapping[str, Any]
    lead_class: str


@dataclass(frozen=True)
class Grouped:
    """A rule, and the name of its group ("" is none)."""

    words: RuleWords
    group: str = ""


@dataclass(frozen=True)
class Content:
    """What a version says; `grades` only of a model for fit, `matrix` only of the main one."""

    rules: Sequence[Grouped] = ()
    groups: Sequence[GroupWords] = ()
    decisions: Sequence[DecisionWords] = ()
    mode: str = Mode.POINTS
    hot_from: int = HOT_FROM
    warm_from: int = WARM_FROM
    least: int | None = None
    most: int | None = None
    matrix: Mapping[str, Any] = field(default_factory=dict)
    urgency: Mapping[str, Any] = field(default_factory=dict)
    grades: Sequence[int] | None = None


def replace_content(draft: ModelVersion, content: Content) -> None:
    """Let the draft say this and nothing else, all or nothing.

    A refusal names the rule at fault by its number and its name.
    """
    with transaction.atomic():
        lock_draft(draft)
        _clear(draft)
        _sort(draft, content)
        groups = {}
        for nth, group in enumerate(content.groups, start=1):
            with naming(_("Group"), "groups", nth, group.name):
                groups[group.name.strip()] = save_group(draft, name=group.name, cap=group.cap).pk
        for nth, rule in enumerate(content.rules, start=1):
            with naming(_("Rule"), "rules", nth, rule.words.name):
                save_rule(draft, _with_group(rule, groups))
        for nth, each in enumerate(content.decisions, start=1):
            with naming(_("Decision rule"), "decisions", nth, each.name):
                save_decision(
                    draft, name=each.name, condition=each.condition, lead_class=each.lead_class
                )


def _clear(draft: ModelVersion) -> None:
    draft.rules.all().delete()
    draft.groups.all().delete()
    draft.decisions.all().delete()


def _sort(draft: ModelVersion, content: Content) -> None:
    set_mode(draft, content.mode)
    set_thresholds(draft, hot_from=content.hot_from, warm_from=content.warm_from)
    set_bounds(draft, least=content.least, most=content.most)
    if draft.model.purpose == Purpose.MAIN or content.matrix or content.urgency:
        set_matrix(draft, matrix=content.matrix, urgency=content.urgency)
    if content.grades is not None:
        set_grades(draft, content.grades)


def _with_group(rule: Grouped, groups: Mapping[str, Any]) -> RuleWords:
    name = rule.group.strip()
    if not name:
        return rule.words
    if name not in groups:
        known = ", ".join(groups) or _("none")
        raise CannotSaveRule(
            _("There is no group “%(name)s”; groups are: %(known)s.")
            % {"name": name, "known": known},
            field="group",
        )
    return replace(rule.words, group=groups[name])


@contextmanager
def naming(noun: str, path: str, nth: int, name: str) -> Iterator[None]:
    """Say which of several was refused."""
    try:
        yield
    except Refusal as refused:
        said = _("%(noun)s %(nth)s “%(name)s”: %(sentence)s") % {
            "noun": noun,
            "nth": nth,
            "name": name[:60],
            "sentence": refused.sentence,
        }
        where = f"{path}.{nth - 1}"
        at = f"{where}.{refused.field}" if refused.field else where
        raise CannotSaveRule(said, field=at) from refused
