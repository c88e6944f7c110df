"""Switching the health rules off: nobody is judged, and no customer has a health any more."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.events import HealthSwitchedOff
from funnel.health import KEEPER
from funnel.health.drafting import rules_of
from funnel.health.judging import take_turn
from funnel.health.publishing import sound_reason
from funnel.models import HealthPlan
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.actions.versions import retire_version
from leadmgmt.workspaces.models import Member
from leads.actions.segments import retire_segment
from leads.models import Segment

CHUNK = 2_000  # customers in one statement

CLEAR = """
WITH judged AS MATERIALIZED (
    SELECT id, health FROM funnel_customer
    WHERE workspace_id = %(workspace)s AND health <> ''
    ORDER BY id LIMIT %(most)s FOR NO KEY UPDATE
), cleared AS (
    UPDATE funnel_customer AS customer
    SET health = '', health_rule_id = NULL, health_since = NULL
    FROM judged WHERE customer.workspace_id = %(workspace)s AND customer.id = judged.id
), kept AS (
    INSERT INTO funnel_customerchange (
        workspace_id, customer_id, field, old, new, why, by_id, changed_at)
    SELECT %(workspace)s, id, 'health', health, '', %(why)s, %(by)s::uuid, %(now)s FROM judged
)
SELECT count(*) FROM judged
"""


class HealthIsOff(Conflict):
    """There are no rules to switch off."""


@transaction.atomic
def switch_health_off(*, by: Member | None, reason: str, now: datetime) -> HealthPlan:
    """Retire the rules in force, and have none instead; the version keeps who did it, and why.

    A worker takes the health off every customer, and their histories say so. Refuses a missing
    reason, and when there are no rules in force. Publishing a draft judges everybody again.
    """
    reason = sound_reason(reason)
    plan = retire_version(HealthPlan, now=now)
    if plan is None:
        raise HealthIsOff(_("No health rules are in force, so there is nothing to switch off."))
    plan.refresh_from_db()
    plan.retired_by, plan.off_reason = by, reason
    plan.save(update_fields=["retired_by", "off_reason"])
    kept = [each.segment_id for each in rules_of(plan) if each.segment_id]
    for segment in Segment.objects.filter(pk__in=kept):
        retire_segment(segment, now=now, keeper=KEEPER)
    publish(HealthSwitchedOff((plan.pk,)))
    return plan


def clear_health(*, now: datetime, most: int = CHUNK) -> bool:
    """Take the health off the next customers that have one; whether there may be more.

    Does nothing once rules are in force again: those judge everybody.
    """
    with transaction.atomic():
        take_turn()
        if HealthPlan.objects.published().exists():
            return False
        plan = HealthPlan.objects.numbered().first()
        told = {"why": plan.off_reason if plan else "", "by": plan.retired_by_id if plan else None}
        ((cleared,),) = fetch(CLEAR, **told, now=now, most=most)
    return bool(cleared == most)
