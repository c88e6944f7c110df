"""Rules of a draft, and the groups they are capped in."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from leadmgmt.kernel import ordering
from scoring.actions.drafting import copied, lock_draft
from scoring.actions.words import LARGEST_CAP, CannotSaveRule, RuleWords, refuse_wrong
from scoring.models import Decay, ModelVersion, Rule, RuleGroup

MOST_RULES = 100
MOST_GROUPS = 20


def save_rule(draft: ModelVersion, words: RuleWords, *, rule_id: UUID | None = None) -> Rule:
    """Add a rule at the end of the draft, or change one of its rules."""
    refuse_wrong(words)
    with transaction.atomic():
        lock_draft(draft)
        values = _values(draft, words)
        if rule_id is not None:
            draft.rules.filter(pk=rule_id).update(**values)
            return draft.rules.get(pk=rule_id)
        if draft.rules.count() >= MOST_RULES:
            raise CannotSaveRule(
                _("A model has at most %(most)s rules; merge some.") % {"most": MOST_RULES}
            )
        last = draft.rules.aggregate(last=Max("position"))["last"]
        return draft.rules.create(position=0 if last is None else last + 1, **values)


def _values(draft: ModelVersion, words: RuleWords) -> dict[str, Any]:
    """The columns of a rule; what its way of fading does not use is left blank."""
    values = asdict(words)
    group = values.pop("group")
    if group is not None and not draft.groups.filter(pk=group).exists():
        raise CannotSaveRule(_("There is no such group in this draft."), field="group")
    if words.decay != Decay.HALF_LIFE:
        values["half_life_days"] = None
    values["steps"] = [list(each) for each in words.steps] if words.decay == Decay.STEPS else []
    return values | {"group_id": group}


def duplicate_rule(rule: Rule) -> Rule:
    """The same rule once more, right below."""
    with transaction.atomic():
        lock_draft(rule.version)
        below = Rule.objects.filter(version=rule.version, position__gt=rule.position)
        below.update(position=F("position") + 1)
        copy = copied(rule, rule.version)
        copy.position = rule.position + 1
        copy.name = _("%(name)s (copy)") % {"name": rule.name[:100]}
        copy.save()
        return copy


def remove_rule(rule: Rule) -> None:
    """Take a rule out of the draft."""
    with transaction.atomic():
        lock_draft(rule.version)
        rule.delete()


def move_rule(rule: Rule, *, up: bool) -> None:
    """One place up or down."""
    with transaction.atomic():
        lock_draft(rule.version)
        ordering.step(rule.version.rules.all(), rule, up=up)


def order_rules(draft: ModelVersion, rule_ids: Sequence[UUID]) -> None:
    """Put the rules of the draft in this order; those not named come last, as they were."""
    with transaction.atomic():
        lock_draft(draft)
        ordering.arrange(draft.rules.all(), rule_ids)


def save_group(
    draft: ModelVersion, *, name: str, cap: int, group_id: UUID | None = None
) -> RuleGroup:
    """Add a group of rules with what they give at most together, or change one."""
    with transaction.atomic():
        lock_draft(draft)
        _refuse_wrong_group(draft, name, cap, group_id)
        if group_id is not None:
            draft.groups.filter(pk=group_id).update(name=name.strip(), cap=cap)
            return draft.groups.get(pk=group_id)
        last = draft.groups.aggregate(last=Max("position"))["last"]
        return draft.groups.create(
            name=name.strip(), cap=cap, position=0 if last is None else last + 1
        )


def remove_group(group: RuleGroup) -> None:
    """Take the group away; its rules stay, each by itself."""
    with transaction.atomic():
        lock_draft(group.version)
        group.rules.update(group=None)
        group.delete()


def _refuse_wrong_group(draft: ModelVersion, name: str, cap: int, group_id: UUID | None) -> None:
    if not name.strip():
        raise CannotSaveRule(_("Give the group a name."), field="name")
    if not 1 <= cap <= LARGEST_CAP:
        raise CannotSaveRule(
            _("“%(label)s” is %(value)s; allowed are %(least)s to %(most)s.")
            % {"label": _("At most"), "value": cap, "least": 1, "most": LARGEST_CAP},
            field="cap",
        )
    others = draft.groups.exclude(pk=group_id) if group_id else draft.groups.all()
    if others.filter(name=name.strip()).exists():
        raise CannotSaveRule(
            _("Another group is called “%(name)s”; choose another name.") % {"name": name.strip()},
            field="name",
        )
    if group_id is None and others.count() >= MOST_GROUPS:
        raise CannotSaveRule(
            _("A model has at most %(most)s groups.") % {"most": MOST_GROUPS}, field="name"
        )
