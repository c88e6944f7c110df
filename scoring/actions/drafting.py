"""Writing the next version: thresholds and rules of the draft."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member, Workspace
from leads.conditions import ActivityTest, Condition, FieldTest, kinds_of_fact, parse
from scoring.models import ModelState, Per, Rule, RuleKind, ScoreModel

CIRCULAR = ("score", "lead_class", "segments")
"""What scores help to make, or may: a rule that asked for it could run in circles."""

MOST_RULES = 100
LARGEST = 1_000
LARGEST_CAP = 100_000
LONGEST_WINDOW = 3_650


class CannotChangeModel(Conflict):
    """Only a draft can be changed."""


class CannotSaveRule(Refusal):
    """The rule says something the model cannot work out; `field` is what to change."""


@dataclass(frozen=True)
class RuleWords:
    """What somebody wrote about a rule; `condition` is a JSON tree."""

    name: str
    kind: str
    condition: dict[str, Any]
    points: int
    per: str = Per.ONCE
    window_days: int | None = None
    cap: int | None = None


def start_draft(*, by: Member | None, now: datetime) -> ScoreModel:
    """The draft of the next version; a new one begins as a copy of the latest version."""
    with transaction.atomic():
        # One after the other, so that a double click starts one draft.
        Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())
        draft: ScoreModel | None = ScoreModel.objects.draft().first()
        if draft is not None:
            return draft
        latest = ScoreModel.objects.live().order_by("-number").first()
        thresholds = {"hot_from": latest.hot_from, "warm_from": latest.warm_from} if latest else {}
        made: ScoreModel = ScoreModel.objects.create(made_by=by, made_at=now, **thresholds)
        if latest is not None:
            rules = latest.rules.order_by("position", "id")
            Rule.objects.bulk_create([_copied(rule, made) for rule in rules])
        return made


def discard_draft(draft: ScoreModel) -> None:
    """Throw the draft away; published versions stay as they are."""
    with transaction.atomic():
        _lock(draft)
        draft.rules.all().delete()
        draft.delete()


def set_thresholds(draft: ScoreModel, *, hot_from: int, warm_from: int) -> None:
    """From which score a lead is hot, and from which warm."""
    if hot_from <= warm_from:
        raise CannotSaveRule(
            _("“Hot from” is %(hot)s; it must be above “warm from”, which is %(warm)s.")
            % {"hot": hot_from, "warm": warm_from},
            field="hot_from",
        )
    with transaction.atomic():
        _lock(draft)
        ScoreModel.objects.filter(pk=draft.pk).update(hot_from=hot_from, warm_from=warm_from)


def save_rule(draft: ScoreModel, words: RuleWords, *, rule_id: UUID | None = None) -> Rule:
    """Add a rule at the end of the draft, or change one of its rules."""
    refuse_wrong(words)
    values = {each.name: getattr(words, each.name) for each in fields(RuleWords)}
    with transaction.atomic():
        _lock(draft)
        if rule_id is not None:
            draft.rules.filter(pk=rule_id).update(**values)
            return draft.rules.get(pk=rule_id)
        if draft.rules.count() >= MOST_RULES:
            raise CannotSaveRule(
                _("A model has at most %(most)s rules; merge some.") % {"most": MOST_RULES}
            )
        last = draft.rules.aggregate(last=Max("position"))["last"]
        return draft.rules.create(position=0 if last is None else last + 1, **values)


def duplicate_rule(rule: Rule) -> Rule:
    """The same rule once more, right below."""
    with transaction.atomic():
        _lock(rule.model)
        below = Rule.objects.filter(model=rule.model, position__gt=rule.position)
        below.update(position=F("position") + 1)
        copy = _copied(rule, rule.model)
        copy.position = rule.position + 1
        copy.name = _("%(name)s (copy)") % {"name": rule.name[:100]}
        copy.save()
        return copy


def remove_rule(rule: Rule) -> None:
    """Take a rule out of the draft."""
    with transaction.atomic():
        _lock(rule.model)
        rule.delete()


def move_rule(rule: Rule, *, up: bool) -> None:
    """One place up or down."""
    with transaction.atomic():
        _lock(rule.model)
        rules = list(rule.model.rules.order_by("position", "id"))
        here = rules.index(rule)
        there = here - 1 if up else here + 1
        if 0 <= there < len(rules):
            rules[here], rules[there] = rules[there], rules[here]
        for position, each in enumerate(rules):
            each.position = position
        Rule.objects.bulk_update(rules, ["position"])


def refuse_wrong(words: RuleWords) -> None:
    """Refuse what cannot be worked out, with the name of the input at fault."""
    if not words.name.strip():
        raise CannotSaveRule(_("Give the rule a name."), field="name")
    if not 0 < abs(words.points) <= LARGEST:
        raise CannotSaveRule(
            _("Points are %(points)s; allowed are -%(most)s to %(most)s, but not 0.")
            % {"points": words.points, "most": LARGEST},
            field="points",
        )
    condition = parse(words.condition)
    if words.kind == RuleKind.PROFILE:
        _refuse_wrong_profile(words, condition)
    else:
        _refuse_wrong_behaviour(words, condition)


def _refuse_wrong_profile(words: RuleWords, condition: Condition) -> None:
    tests = list(condition.leaves())
    if not tests:
        raise CannotSaveRule(_("Say for whom the points are: add a condition."), field="condition")
    if not all(isinstance(test, FieldTest) for test in tests):
        raise CannotSaveRule(
            _("A profile rule looks at what a lead is; make a behaviour rule for what it does."),
            field="condition",
        )
    circular = kinds_of_fact(condition).fields & set(CIRCULAR)
    if circular:
        raise CannotSaveRule(
            _("A rule cannot look at “%(field)s”, which scores help to make.")
            % {"field": min(circular)},
            field="condition",
        )
    if (words.per, words.window_days, words.cap) != (Per.ONCE, None, None):
        raise CannotSaveRule(
            _("A profile rule gives its points once, without window and cap."), field="per"
        )


def _refuse_wrong_behaviour(words: RuleWords, condition: Condition) -> None:
    test = condition.root
    if not isinstance(test, ActivityTest) or _is_windowed(test):
        raise CannotSaveRule(
            _("A behaviour rule looks for one kind of activity; its days are set beside it."),
            field="condition",
        )
    if words.per not in Per.values:
        raise CannotSaveRule(
            _("“Given” is %(per)s; allowed: %(allowed)s.")
            % {"per": words.per, "allowed": ", ".join(Per.values)},
            field="per",
        )
    if words.per != Per.ONCE and (test.least, test.most) != (1, None):
        raise CannotSaveRule(
            _("Only points given once can depend on how often something happened."), field="per"
        )
    _refuse_outside(words.window_days, 0, LONGEST_WINDOW, "window_days", _("Days that count"))
    _refuse_outside(words.cap, 1, LARGEST_CAP, "cap", _("At most"))


def _is_windowed(test: ActivityTest) -> bool:
    return test.within_days is not None or test.more_than_days_ago is not None


def _refuse_outside(value: int | None, least: int, most: int, field: str, label: str) -> None:
    if value is not None and not least <= value <= most:
        raise CannotSaveRule(
            _("“%(label)s” is %(value)s; allowed are %(least)s to %(most)s, or nothing.")
            % {"label": label, "value": value, "least": least, "most": most},
            field=field,
        )


def _lock(draft: ScoreModel) -> None:
    """Hold the draft, and refuse if somebody has published it meanwhile."""
    found = ScoreModel.objects.select_for_update().filter(pk=draft.pk).first()
    if found is None or found.state != ModelState.DRAFT:
        raise CannotChangeModel(
            _("This version is published and stays as it is; start a new draft to change it.")
        )


def _copied(rule: Rule, model: ScoreModel) -> Rule:
    values = {each.name: getattr(rule, each.name) for each in fields(RuleWords)}
    return Rule(model=model, position=rule.position, **values)
