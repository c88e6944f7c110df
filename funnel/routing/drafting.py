"""Writing the next routing plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.models import Otherwise, RoutingPlan, RoutingRule, Target
from funnel.routing.choosing import SELLERS
from leadmgmt.kernel import ordering
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.actions.versions import hold_draft, take_workspace
from leadmgmt.workspaces.models import Member, Team
from leads import normalising, uses
from leads.conditions import parse

MOST_RULES = 50
LONGEST_NAME = 80


class CannotChangeRouting(Conflict):
    """Only a draft can be changed."""


class CannotSaveRule(Refusal):
    """No name or condition, or nobody who could get the leads."""


@dataclass(frozen=True)
class RuleWords:
    """What somebody wrote about a rule; the last resort has no condition."""

    name: str
    condition: dict[str, Any] | None = None
    target: str = Target.TEAM
    team: Team | None = None
    member: Member | None = None
    keeps_company: bool = True
    minds_hours: bool = True
    otherwise: str = Otherwise.HOLD


def start_draft(*, by: Member | None, now: datetime) -> RoutingPlan:
    """The draft of the next plan; a new one begins as a copy of the one in force.

    The very first leaves everybody in the pool, so that publishing it changes nothing.
    """
    with transaction.atomic():
        take_workspace()
        draft: RoutingPlan | None = RoutingPlan.objects.draft().first()
        if draft is not None:
            return draft
        before = RoutingPlan.objects.numbered().first()
        made: RoutingPlan = RoutingPlan.objects.create(made_by=by, made_at=now)
        if before is None:
            _put([RuleWords(_("Everybody else"), target=Target.POOL)], made)
        else:
            _put([words_of(each) for each in _rules(before)], made)
        return made


def discard_draft(draft: RoutingPlan) -> None:
    """Throw the draft away; published plans stay as they are."""
    with transaction.atomic():
        lock_draft(draft).delete()


def save_rule(draft: RoutingPlan, words: RuleWords, *, rule_id: UUID | None = None) -> RoutingRule:
    """Change a rule of the draft, or add one above the last resort."""
    with transaction.atomic():
        lock_draft(draft)
        rules = _rules(draft)
        found = draft.rules.get(pk=rule_id) if rule_id else RoutingRule(plan=draft)
        is_last = bool(rule_id) and found.is_last_resort
        checked = check_rule(words, is_last=is_last, stored=found.condition)
        if not rule_id and len(rules) >= MOST_RULES:
            _refuse_more()
        _write(found, checked)
        found.save()
        if not rule_id:
            ordering.number([*rules[:-1], found, *rules[-1:]])
        return found


def replace_rules(draft: RoutingPlan, rules: Sequence[RuleWords]) -> None:
    """Make these the rules of the draft, in this order; the last is the last resort."""
    with transaction.atomic():
        lock_draft(draft)
        if len(rules) > MOST_RULES:
            _refuse_more()
        kept = [each.condition for each in _rules(draft)]
        last = len(rules) - 1
        checked = [
            check_rule(each, is_last=place == last, stored=kept) for place, each in enumerate(rules)
        ]
        if not checked:
            raise CannotSaveRule(_("Name at least the last resort."), field="rules")
        draft.rules.all().delete()
        _put(checked, draft)


def remove_rule(rule: RoutingRule) -> None:
    """Take a rule out of the draft; the last resort stays."""
    with transaction.atomic():
        draft = lock_draft(rule.plan)
        if rule.is_last_resort:
            sentence = _("The last resort stays: it says what happens to everybody else.")
            raise CannotSaveRule(sentence)
        rule.delete()
        ordering.number(_rules(draft))


def move_rule(rule: RoutingRule, *, up: bool) -> None:
    """One place up or down, above the last resort."""
    with transaction.atomic():
        draft = lock_draft(rule.plan)
        movable = draft.rules.exclude(condition={})
        ordering.step(movable, rule, up=up)


def lock_draft(draft: RoutingPlan) -> RoutingPlan:
    """Hold the draft, and refuse if somebody has published it meanwhile."""
    sentence = _("This plan is published and stays as it is; start a new draft to change it.")
    return hold_draft(draft, refusal=CannotChangeRouting(sentence))


def check_rule(words: RuleWords, *, is_last: bool, stored: Any = None) -> RuleWords:
    """As it is kept. Refuses a rule without name or condition, and one that gives to nobody.

    Segments that have retired may stay where they are asked about already (`stored`).
    """
    name = normalising.plain_text(words.name, field="name", most=LONGEST_NAME)
    if not name:
        raise CannotSaveRule(_("Give the rule a name."), field="name")
    condition = _checked_condition(words, is_last=is_last, stored=stored)
    _refuse_nobody(words)
    team = words.team if words.target == Target.TEAM else None
    member = words.member if words.target == Target.MEMBER else None
    return replace(words, name=name, condition=condition, team=team, member=member)


def words_of(rule: RoutingRule) -> RuleWords:
    """What is written about a rule."""
    return RuleWords(
        name=rule.name,
        condition=rule.condition,
        target=rule.target,
        team=rule.team,
        member=rule.member,
        keeps_company=rule.keeps_company,
        minds_hours=rule.minds_hours,
        otherwise=rule.otherwise,
    )


def _checked_condition(words: RuleWords, *, is_last: bool, stored: Any) -> dict[str, Any]:
    if is_last:
        if words.condition:
            sentence = _(
                "The last rule is the last resort: it takes everybody, so it asks nothing."
            )
            raise CannotSaveRule(sentence, field="condition")
        return {}
    condition = parse(words.condition or {"all": []}, kept=uses.segments_named(stored or {}))
    if not list(condition.leaves()):
        sentence = _("Say whom the rule is about; only the last resort takes everybody.")
        raise CannotSaveRule(sentence, field="condition")
    return dict(words.condition or {})


def _refuse_nobody(words: RuleWords) -> None:
    if words.target == Target.TEAM and (words.team is None or words.team.retired_at):
        raise CannotSaveRule(_("Choose a team that is still at work."), field="team")
    if words.target != Target.MEMBER:
        return
    if words.member is None or words.member.left_at:
        raise CannotSaveRule(_("Choose a member who is still here."), field="member")
    if words.member.role not in SELLERS:
        sentence = _("%(name)s does not sell; choose a rep, a manager or an admin.")
        raise CannotSaveRule(sentence % {"name": words.member.name}, field="member")


def _refuse_more() -> None:
    raise CannotSaveRule(
        _("A plan has at most %(most)d rules; take some out.") % {"most": MOST_RULES},
        field="rules",
    )


def _rules(plan: RoutingPlan) -> list[RoutingRule]:
    return list(plan.rules.select_related("team", "member").order_by("position", "id"))


def _put(rules: Sequence[RuleWords], plan: RoutingPlan) -> None:
    made = [
        _write(RoutingRule(plan=plan, position=place), each) for place, each in enumerate(rules)
    ]
    RoutingRule.objects.bulk_create(made)


def _write(rule: RoutingRule, words: RuleWords) -> RoutingRule:
    for name in ("name", "target", "team", "member", "keeps_company", "minds_hours", "otherwise"):
        setattr(rule, name, getattr(words, name))
    rule.condition = words.condition or {}
    return rule
