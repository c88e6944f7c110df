"""How long we keep what we know: rules that erase by themselves, at night, a few at a time."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.actions.erasing import erase_leads
from leads.conditions import Condition, WrongCondition, matching, parse
from leads.models import RetentionRule

log = logging.getLogger(__name__)

MOST_RULES = 20
MOST_PER_NIGHT = 5_000  # leads of one workspace
A_NIGHT = timedelta(hours=20)

Tree = dict[str, Any]


class CannotSaveRule(Refusal):
    """The name is missing or taken, the condition asks nothing, or there are too many rules."""


def save_retention_rule(
    rule: RetentionRule, *, name: str, condition: Tree, by: Member | None
) -> RetentionRule:
    """Add a rule, or change one; it is off until somebody has seen whom it would erase.

    Refuses a condition that asks nothing: it would erase everybody.
    """
    rule.name = normalising.plain_text(name, field="name", most=120)
    if not rule.name:
        raise CannotSaveRule(_("A retention rule needs a name."), field="name")
    _refuse_empty(condition)
    parse(condition)
    if rule._state.adding and RetentionRule.objects.count() >= MOST_RULES:
        raise CannotSaveRule(_("A workspace has at most %d retention rules.") % MOST_RULES)
    if rule._state.adding or rule.condition != condition:
        rule.is_on, rule.by = False, by
    rule.condition = condition
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as problem:
        sentence = _("Another retention rule is called “%s” already.")
        raise CannotSaveRule(sentence % rule.name, field="name") from problem
    return rule


def switch_retention_rule(rule: RetentionRule, *, is_on: bool, by: Member | None) -> None:
    """Let it erase from the next night on, or stop it."""
    if is_on:
        condition_of(rule)  # a rule that cannot be read is not switched on
    rule.is_on, rule.by = is_on, by
    rule.save(update_fields=["is_on", "by"])


def delete_retention_rule(rule: RetentionRule) -> None:
    """Forget the rule; what it erased stays erased."""
    rule.delete()


def condition_of(rule: RetentionRule) -> Condition:
    """What it asks; raises WrongCondition when something it names is gone."""
    _refuse_empty(rule.condition)
    return parse(rule.condition, is_stored=True)


def keep_to_rules(*, now: datetime, most: int = MOST_PER_NIGHT) -> int:
    """Erase the leads the rules of this workspace name, the oldest first; how many.

    At most `most` a night: a rule that is wrong is noticed before everybody is gone. No tombstone
    is left, because nobody asked to be forgotten: a new file may name them again.
    """
    due = Q(ran_at=None) | Q(ran_at__lte=now - A_NIGHT)
    erased = 0
    for rule in RetentionRule.objects.filter(due, is_on=True).order_by("created_at", "id"):
        erased += _run(rule, now=now, most=most - erased)
    return erased


def _run(rule: RetentionRule, *, now: datetime, most: int) -> int:
    try:
        condition = condition_of(rule)
    except (WrongCondition, CannotSaveRule) as problem:
        log.warning("Retention rule %s cannot be read: %s", rule.pk, problem)
        return 0
    ids = list(matching(condition, now).order_by("id").values_list("pk", flat=True)[:most])
    reason = (_("Retention rule “%s”") % rule.name)[:200]
    count = len(erase_leads(ids, reason=reason, by=None, now=now, leaves_tombstones=False).lead_ids)
    RetentionRule.objects.filter(pk=rule.pk).update(ran_at=now, erased=F("erased") + count)
    log.info("Retention rule %s erased %d leads", rule.pk, count)
    return count


def _refuse_empty(condition: Tree) -> None:
    """`all` of nothing holds for everybody, and so does `none` of nothing."""
    if not condition or not list(parse(condition, is_stored=True).leaves()):
        sentence = _("Add a test: a rule that asks nothing would erase everybody.")
        raise CannotSaveRule(sentence, field="condition")
