"""The verbs of the SLA: publish a policy, start clocks, stop them, note a breach."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.business_time import NeverOpen, deadline
from leadmgmt.workspaces.models import Member, Workspace
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import ATTEMPTS, Kind
from sla.events import DeadlinesMissed
from sla.models import Clock, Outcome, Policy

AT_ONCE = 1_000
RESPONSES = (*ATTEMPTS, Kind.QUALIFICATION)  # whoever was qualified has been spoken to

START = """
INSERT INTO sla_clock (workspace_id, lead_id, policy_id, started_at, due_at, outcome)
SELECT %(workspace)s, lead_id, %(policy)s, %(now)s, %(due)s, ''
FROM unnest(%(leads)s::uuid[]) AS lead_id
ON CONFLICT (workspace_id, lead_id) WHERE stopped_at IS NULL DO NOTHING
"""

# The first attempt since the clock started stops it, at the moment it was made and by its maker.
ANSWER = """
UPDATE sla_clock AS clock
SET stopped_at = attempt.occurred_at, stopped_by_id = attempt.by_id, outcome = 'answered',
    breached_at = CASE WHEN attempt.occurred_at > clock.due_at THEN clock.due_at END
FROM (
    SELECT DISTINCT ON (activity.lead_id)
        activity.lead_id, activity.occurred_at, activity.by_id
    FROM sla_clock AS running
    JOIN leads_activity AS activity
      ON activity.workspace_id = running.workspace_id AND activity.lead_id = running.lead_id
     AND activity.kind = ANY(%(kinds)s) AND activity.occurred_at >= running.started_at
    WHERE running.workspace_id = %(workspace)s AND running.lead_id = ANY(%(leads)s)
      AND running.stopped_at IS NULL
    ORDER BY activity.lead_id, activity.occurred_at
) AS attempt
WHERE clock.workspace_id = %(workspace)s AND clock.lead_id = attempt.lead_id
  AND clock.stopped_at IS NULL
"""

BREACH = """
UPDATE sla_clock SET breached_at = due_at
WHERE workspace_id = %(workspace)s AND id IN (
    SELECT id FROM sla_clock
    WHERE workspace_id = %(workspace)s AND stopped_at IS NULL AND breached_at IS NULL
      AND due_at <= %(now)s
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING id, lead_id, due_at
"""


class CannotPublishPolicy(Refusal):
    """The promise makes no sense as written."""


@dataclass(frozen=True)
class Promise:
    """What a policy promises; `minutes` are business minutes, Monday is day 0."""

    minutes: int = 8 * 60
    days: Sequence[int] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(18)
    holiday_country: str = ""
    days_off: Sequence[date] = field(default_factory=list)


def start_policy(*, by: Member | None, now: datetime) -> Policy:
    """The policy a new workspace starts with: one working day."""
    return publish_policy(Promise(), reason=_("Our starting point"), by=by, now=now)


@transaction.atomic
def publish_policy(promise: Promise, *, reason: str, by: Member | None, now: datetime) -> Policy:
    """Put a new version in force; clocks that run keep the version they started under.

    The same promise for the same reason again is a double click, and changes nothing. Refuses
    hours in which no business time passes.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())
    in_force = Policy.objects.filter(retired_at=None).first()
    if in_force is not None and _says(in_force, promise, reason):
        return in_force
    last = Policy.objects.aggregate(last=Max("version"))["last"] or 0
    Policy.objects.filter(retired_at=None).update(retired_at=now)
    policy = Policy(
        version=last + 1,
        reason=reason,
        published_at=now,
        published_by=by,
        **asdict(promise) | {"days": sorted(promise.days), "days_off": sorted(promise.days_off)},
    )
    _refuse_senseless(policy, now)
    policy.save()
    return policy


@transaction.atomic
def start_clocks(lead_ids: Sequence[UUID], *, now: datetime) -> int:
    """Start the clock of each lead under the policy in force; a running clock is left alone.

    Without a policy nothing is promised, and nothing starts. Returns how many started.
    """
    policy = Policy.objects.select_related("workspace").filter(retired_at=None).first()
    if policy is None:
        return 0
    due_at = deadline(now, policy.minutes, policy.business_hours(policy.workspace.time_zone))
    values = {"policy": policy.pk, "leads": list(lead_ids), "now": now, "due": due_at}
    return _run(START, **values)


def answer_clocks(lead_ids: Sequence[UUID]) -> int:
    """Stop the clocks of leads somebody tried to reach; the attempt's time counts, not ours."""
    return _run(ANSWER, leads=list(lead_ids), kinds=[kind.value for kind in RESPONSES])


def close_clocks(lead_ids: Sequence[UUID], *, now: datetime) -> int:
    """Stop the clocks of leads that left the stage without an answer."""
    running = Clock.objects.running().filter(lead_id__in=lead_ids)
    return running.update(stopped_at=now, outcome=Outcome.LEFT)


@transaction.atomic
def note_breaches(*, now: datetime) -> int:
    """Note the clocks whose deadline has passed; up to 1,000 at a time, any number of workers.

    An attempt whose news has not reached its clock yet still counts. Each breach is noted once,
    on the clock and on the lead's timeline. Returns how many.
    """
    late = Clock.objects.overdue(now).order_by("due_at").values_list("lead_id", flat=True)
    answer_clocks(list(late[:AT_ONCE]))
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "workspace": current_workspace_id(),
            "now": now,
            "limit": AT_ONCE,
        }
        cursor.execute(BREACH, values)
        missed = cursor.fetchall()
    if missed:
        record_activities([_breach(*row) for row in missed], now=now)
        publish(DeadlinesMissed(tuple(lead_id for _, lead_id, _ in missed)))
    return len(missed)


def _says(policy: Policy, promise: Promise, reason: str) -> bool:
    wanted = asdict(promise) | {"days": sorted(promise.days), "days_off": sorted(promise.days_off)}
    same = all(getattr(policy, name) == value for name, value in wanted.items())
    return same and policy.reason == reason


def _breach(clock_id: UUID, lead_id: UUID, due_at: datetime) -> NewActivity:
    return NewActivity(
        kind=Kind.BREACHED,
        occurred_at=due_at,
        lead_id=lead_id,
        key=f"breach:{clock_id}",
        properties={"promise": "first_response"},
    )


def _refuse_senseless(policy: Policy, now: datetime) -> None:
    if policy.opens >= policy.closes:
        raise CannotPublishPolicy(
            _("The office opens at %(opens)s and closes at %(closes)s; it must open first.")
            % {"opens": policy.opens, "closes": policy.closes},
            field="closes",
        )
    try:
        deadline(now, policy.minutes, policy.business_hours("UTC"))
    except NeverOpen:
        sentence = _("No working day is left; choose at least one day of the week.")
        raise CannotPublishPolicy(sentence, field="days") from None


def _run(sql: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"workspace": current_workspace_id(), **values})
        return cursor.rowcount
