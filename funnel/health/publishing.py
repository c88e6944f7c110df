"""From draft to the health rules that hold."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.events import HealthPublished
from funnel.health import KEEPER
from funnel.health.drafting import check_rule, lock_draft, of_customers, rules_of, words_of
from funnel.models import HealthPlan, HealthRule
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.actions.versions import checked_reason, put_in_force
from leadmgmt.workspaces.models import Member
from leads.actions.segments import change_segment, create_segment, restore_segment, retire_segment
from leads.models import Segment


class CannotPublishHealth(Refusal):
    """No reason, one that is too long, or no rules."""


@transaction.atomic
def publish_health(
    draft: HealthPlan, *, by: Member | None, reason: str, now: datetime
) -> HealthPlan:
    """Make the draft the rules that hold, with a number, for ever as they are.

    A worker judges every customer by them, quietly: nobody is told of what only the rules have
    changed. Refuses a missing reason, a draft without rules, and rules that ask about what is gone.
    """
    draft = lock_draft(draft)
    reason = sound_reason(reason)
    rules = rules_of(draft)
    if not rules:
        raise CannotPublishHealth(_("Write at least one rule first."), field="rules")
    for rule in rules:
        check_rule(words_of(rule), stored=rule.condition)
    # In force until now, or the last before they were switched off.
    before = HealthPlan.objects.numbered().first()
    put_in_force(draft, by=by, reason=reason, now=now)
    _watch(rules, rules_of(before) if before else [], by=by, now=now)
    publish(HealthPublished((draft.pk,)))
    return draft


def segment_name(rule: HealthRule) -> str:
    """What people read among the segments."""
    return _("Health: %(rule)s") % {"rule": rule.name}


def _watch(
    rules: Sequence[HealthRule],
    before: Sequence[HealthRule],
    *,
    by: Member | None,
    now: datetime,
) -> None:
    """A live segment for each rule; one that asks what another asked goes on with its segment."""
    free = list(Segment.objects.filter(pk__in=[each.segment_id for each in before]))
    kept = {rule.pk: _taken(free, of_customers(rule.condition)) for rule in rules}
    for segment in free:
        retire_segment(segment, now=now, keeper=KEEPER)
    _free_names([*free, *(each for each in kept.values() if each)])
    for rule in rules:
        rule.segment = _segment(rule, kept[rule.pk], by=by, now=now)
    HealthRule.objects.bulk_update(rules, ["segment"])


def _taken(free: list[Segment], condition: object) -> Segment | None:
    found = next((each for each in free if each.condition == condition), None)
    if found is not None:
        free.remove(found)
    return found


def _free_names(segments: Iterable[Segment]) -> None:
    """Rules may have swapped their names, or take that of a segment that retires."""
    for each in segments:
        Segment.objects.filter(pk=each.pk).update(name=f"{KEEPER} {each.pk}")


def _segment(
    rule: HealthRule, found: Segment | None, *, by: Member | None, now: datetime
) -> Segment:
    told: dict[str, Any] = {
        "name": segment_name(rule),
        "description": _("People of customers who meet the condition of this health rule."),
        "condition": of_customers(rule.condition),
    }
    if found is None:
        return create_segment(**told, by=by, now=now, keeper=KEEPER)
    changed = change_segment(found, **told, now=now, keeper=KEEPER)
    restore_segment(changed, now=now, keeper=KEEPER)
    return changed


def sound_reason(reason: str) -> str:
    """As it is kept. Refuses none, and one that is too long."""
    missing = _("Say why the rules change; it stays among the versions.")
    return checked_reason(reason, CannotPublishHealth, missing=missing)
