"""Writing the next health rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.models import Health, HealthPlan, HealthRule, Whose
from leadmgmt.kernel import ordering
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.actions.versions import hold_draft, take_workspace
from leadmgmt.workspaces.models import Member
from leads import normalising, uses
from leads.conditions import parse
from leads.models import Stage

MOST_RULES = 20
LONGEST_NAME = 100

OF_CUSTOMERS = {
    "any": [
        {"field": "stage", "is": Stage.CUSTOMER.value},
        {"field": "company.stage", "is": Stage.CUSTOMER.value},
    ]
}


class CannotChangeHealth(Conflict):
    """Only a draft can be changed."""


class CannotSaveHealthRule(Refusal):
    """No name, one that another rule has, or no condition."""


@dataclass(frozen=True)
class HealthWords:
    """What somebody wrote about a rule."""

    name: str
    condition: dict[str, Any] | None = None
    whose: str = Whose.ANY
    level: str = Health.AT_RISK


def usual_rules() -> list[HealthWords]:
    """What the very first draft begins with, to be read and changed."""
    return [
        HealthWords(
            _("Nobody there was heard of for 90 days"),
            {"field": "last_activity_at", "within_days": 90},
            Whose.NONE,
            Health.AT_RISK,
        ),
        HealthWords(
            _("Nobody there was heard of for 45 days"),
            {"field": "last_activity_at", "within_days": 45},
            Whose.NONE,
            Health.WATCH,
        ),
    ]


def start_draft(*, by: Member | None, now: datetime) -> HealthPlan:
    """The draft of the next rules; a new one begins as a copy of those in force."""
    with transaction.atomic():
        take_workspace()
        draft: HealthPlan | None = HealthPlan.objects.draft().first()
        if draft is not None:
            return draft
        before = HealthPlan.objects.numbered().first()
        made: HealthPlan = HealthPlan.objects.create(made_by=by, made_at=now)
        _put([words_of(each) for each in rules_of(before)] if before else usual_rules(), made)
        return made


def discard_draft(draft: HealthPlan) -> None:
    """Throw the draft away; published rules stay as they are."""
    with transaction.atomic():
        lock_draft(draft).delete()


def save_rule(draft: HealthPlan, words: HealthWords, *, rule_id: UUID | None = None) -> HealthRule:
    """Change a rule of the draft, or add one at the end."""
    with transaction.atomic():
        lock_draft(draft)
        rules = rules_of(draft)
        found = draft.rules.get(pk=rule_id) if rule_id else HealthRule(plan=draft)
        checked = check_rule(words, stored=found.condition)
        others = [each for each in rules if each.pk != rule_id]
        _refuse_many([*map(words_of, others), checked])
        _write(found, checked, place=found.position if rule_id else len(others))
        found.save()
        return found


def replace_rules(draft: HealthPlan, rules: Sequence[HealthWords]) -> None:
    """Make these the rules of the draft, in this order."""
    with transaction.atomic():
        lock_draft(draft)
        kept = [each.condition for each in rules_of(draft)]
        checked = [check_rule(each, stored=kept) for each in rules]
        _refuse_many(checked)
        draft.rules.all().delete()
        _put(checked, draft)


def remove_rule(rule: HealthRule) -> None:
    """Take a rule out of the draft."""
    with transaction.atomic():
        draft = lock_draft(rule.plan)
        rule.delete()
        ordering.number(rules_of(draft))


def move_rule(rule: HealthRule, *, up: bool) -> None:
    """One place up or down."""
    with transaction.atomic():
        ordering.step(lock_draft(rule.plan).rules.all(), rule, up=up)


def lock_draft(draft: HealthPlan) -> HealthPlan:
    """Hold the draft, and refuse if somebody has published it meanwhile."""
    sentence = _(
        "These rules are published and stay as they are; start a new draft to change them."
    )
    return hold_draft(draft, refusal=CannotChangeHealth(sentence))


def check_rule(words: HealthWords, *, stored: Any = None) -> HealthWords:
    """As it is kept. Refuses a rule without name or condition.

    Segments that have retired may stay where they are asked about already (`stored`).
    """
    name = normalising.plain_text(words.name, field="name", most=LONGEST_NAME)
    if not name:
        sentence = _("Say in words what is wrong, or right; people read it as the reason.")
        raise CannotSaveHealthRule(sentence, field="name")
    condition, kept = words.condition or {"all": []}, uses.segments_named(stored or {})
    if not list(parse(condition, kept=kept).leaves()):
        sentence = _("Say what has to hold of the people of a customer.")
        raise CannotSaveHealthRule(sentence, field="condition")
    parse(of_customers(condition), kept=kept)
    return replace(words, name=name, condition=condition)


def of_customers(condition: dict[str, Any]) -> dict[str, Any]:
    """The same, asked of the people of customers only; what the segment of a rule asks."""
    return {"all": [OF_CUSTOMERS, condition]}


def words_of(rule: HealthRule) -> HealthWords:
    """What is written about a rule."""
    return HealthWords(rule.name, rule.condition, rule.whose, rule.level)


def rules_of(plan: HealthPlan) -> list[HealthRule]:
    """In the order in which they are asked."""
    return list(plan.rules.order_by("position", "id"))


def _refuse_many(rules: Sequence[HealthWords]) -> None:
    if len(rules) > MOST_RULES:
        sentence = _("There are at most %(most)d rules; take some out.")
        raise CannotSaveHealthRule(sentence % {"most": MOST_RULES}, field="rules")
    names = [each.name for each in rules]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        sentence = _("Two rules are called “%(name)s”; people could not tell the reasons apart.")
        raise CannotSaveHealthRule(sentence % {"name": twice}, field="name")


def _put(rules: Sequence[HealthWords], plan: HealthPlan) -> None:
    made = [_write(HealthRule(plan=plan), each, place=place) for place, each in enumerate(rules)]
    HealthRule.objects.bulk_create(made)


def _write(rule: HealthRule, words: HealthWords, *, place: int) -> HealthRule:
    rule.name, rule.whose, rule.level = words.name, words.whose, words.level
    rule.condition, rule.position = words.condition or {}, place
    return rule
