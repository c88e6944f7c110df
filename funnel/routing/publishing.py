"""From draft to the plan that holds; and switching routing off."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.events import RoutingPublished
from funnel.models import RoutingPlan, Spell, Wait
from funnel.routing.drafting import check_rule, lock_draft, words_of
from funnel.routing.knowing import rules_of
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.actions.versions import checked_reason, put_in_force, retire_version
from leadmgmt.workspaces.models import Member


class CannotPublishRouting(Refusal):
    """No reason, or one that is too long."""


@transaction.atomic
def publish_plan(
    draft: RoutingPlan,
    *,
    by: Member | None,
    reason: str,
    now: datetime,
    is_applied: bool = False,
) -> RoutingPlan:
    """Make the draft the plan that holds, with a number, for ever as it is.

    New MQLs are routed by it, and whoever waits is asked about again; `is_applied`: everybody in
    the pool too. Refuses a missing reason, and rules whose team or person is gone.
    """
    draft = lock_draft(draft)
    reason = checked_reason(
        reason,
        CannotPublishRouting,
        missing=_("Say why routing changes; it stays among the versions."),
    )
    rules = rules_of(draft)
    for place, rule in enumerate(rules, start=1):
        check_rule(words_of(rule), is_last=place == len(rules), stored=rule.condition)
    put_in_force(draft, by=by, reason=reason, now=now)
    publish(RoutingPublished((draft.pk,), is_applied=is_applied))
    return draft


@transaction.atomic
def switch_off(*, now: datetime) -> None:
    """Route nobody any more: new MQLs wait in the pool to be claimed. Owners keep their leads."""
    retire_version(RoutingPlan, now=now)
    Wait.objects.all().delete()
    Spell.objects.filter(ended_at=None).update(ended_at=now)
