"""Enrolling leads in sequences, and taking them out."""

from collections.abc import Sequence as Many
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.workspaces.models import Member, VersionState
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from leads.models import Lead
from nurturing.bell import wake_on_commit
from nurturing.models import (
    Enrolment,
    EnrolmentState,
    LeavingReason,
    Message,
    MessageState,
    Sequence,
    Suppression,
    Trigger,
)

# Whoever cannot or must not be written to is not enrolled, nor who is on their way already.
ENROL = """
INSERT INTO nurturing_enrolment (
    workspace_id, sequence_id, version_id, lead_id, position, due_at, state, reason,
    enrolled_at, enrolled_by_id)
SELECT %(workspace)s, version.sequence_id, version.id, lead.id, 0, %(now)s, 'running', '',
    %(now)s, %(by)s
FROM nurturing_sequenceversion AS version
JOIN leads_lead AS lead
    ON lead.workspace_id = %(workspace)s AND lead.id = ANY(%(leads)s::uuid[])
WHERE version.workspace_id = %(workspace)s AND version.state = 'published'
  AND version.sequence_id = ANY(%(sequences)s::uuid[])
  AND lead.email <> '' AND NOT lead.do_not_email
  AND NOT EXISTS (
    SELECT FROM nurturing_suppression AS suppression
    WHERE suppression.workspace_id = %(workspace)s AND suppression.email = lower(lead.email))
ON CONFLICT DO NOTHING
RETURNING lead_id, sequence_id
"""

LEAVE = """
WITH gone AS (
    UPDATE nurturing_enrolment SET state = 'left', reason = %(reason)s, ended_at = %(now)s
    WHERE workspace_id = %(workspace)s AND state = 'running' AND id = ANY(%(ids)s::uuid[])
    RETURNING id
)
UPDATE nurturing_message SET state = 'withheld', problem = %(problem)s
WHERE workspace_id = %(workspace)s AND state = 'planned'
  AND enrolment_id IN (SELECT id FROM gone)
"""


class CannotEnrolLead(Refusal):
    """The lead cannot be written to, or the sequence takes nobody."""


class CannotLeaveSequence(Conflict):
    """The lead is not in the sequence any more."""


def enrol_leads(
    lead_ids: Many[UUID],
    *,
    sequences: Many[Sequence],
    now: datetime,
    by: Member | None = None,
) -> int:
    """Start `lead_ids` on the published version of each sequence; the number of enrolments.

    Leads that cannot be written to, or are on their way already, are passed over.
    """
    running = {each.pk: each.name for each in sequences if each.is_active}
    with transaction.atomic():
        enrolled = fetch(
            ENROL,
            leads=[str(each) for each in lead_ids],
            sequences=[str(each) for each in running],
            now=now,
            by=by and by.pk,
        )
        _record_enrolled(enrolled, running, now=now, by=by)
        if enrolled:
            wake_on_commit()
    return len(enrolled)


def enrol_lead(lead: Lead, *, sequence: Sequence, by: Member | None, now: datetime) -> None:
    """Start one lead by hand; refuses with the reason why not."""
    _refuse_unless_takes_people(sequence)
    _refuse_unless_writable(lead)
    if not enrol_leads([lead.pk], sequences=[sequence], now=now, by=by):
        raise CannotEnrolLead(
            _("%(lead)s is in “%(sequence)s” already.") % {"lead": lead, "sequence": sequence},
            field="lead",
        )


def enrol_for_stage(lead_ids: Many[UUID], *, stage: str, now: datetime) -> int:
    """Start leads that entered `stage` on every running sequence that waits for it."""
    waiting = Sequence.objects.filter(trigger=Trigger.STAGE, trigger_stage=stage, is_active=True)
    sequences = list(waiting)
    return enrol_leads(lead_ids, sequences=sequences, now=now) if sequences else 0


def enrol_for_form(lead_ids: Many[UUID], *, form: str, now: datetime) -> int:
    """Start leads that sent the form with this id on every running sequence that waits for it."""
    for_this = models.Q(trigger_form=None) | models.Q(trigger_form=form)
    waiting = Sequence.objects.filter(for_this, trigger=Trigger.FORM, is_active=True)
    sequences = list(waiting)
    return enrol_leads(lead_ids, sequences=sequences, now=now) if sequences else 0


def leave_for_stage(lead_ids: Many[UUID], *, stage: str, now: datetime) -> int:
    """Take leads that entered `stage` out of the sequences another stage started."""
    theirs = Enrolment.objects.filter(
        lead__in=lead_ids, state=EnrolmentState.RUNNING, sequence__trigger=Trigger.STAGE
    ).exclude(sequence__trigger_stage=stage)
    return end_enrolments(theirs, reason=LeavingReason.MOVED_ON, now=now)


def leave_sequence(enrolment: Enrolment, *, by: Member, now: datetime) -> None:
    """Take one lead out by hand; what is planned for them is not sent."""
    only = Enrolment.objects.filter(pk=enrolment.pk, state=EnrolmentState.RUNNING)
    if not end_enrolments(only, reason=LeavingReason.BY_HAND, now=now):
        raise CannotLeaveSequence(
            _("%(lead)s is not in “%(sequence)s” any more.")
            % {"lead": enrolment.lead, "sequence": enrolment.sequence}
        )


def end_enrolments(enrolments: Any, *, reason: LeavingReason, now: datetime) -> int:
    """End these enrolments early and withhold what they had planned; how many there were."""
    ids = list(enrolments.values_list("pk", flat=True))
    if ids:
        execute(
            LEAVE,
            ids=[str(each) for each in ids],
            reason=reason.value,
            problem=str(reason.label),
            now=now,
        )
    return len(ids)


def withhold_planned(lead_ids: Many[UUID], *, why: str) -> int:
    """Send nothing of what is planned for these leads.

    A sender that has claimed a message holds its row, so this waits for it: after our commit
    nothing more is claimed.
    """
    planned = Message.objects.filter(lead__in=lead_ids, state=MessageState.PLANNED)
    return int(planned.update(state=MessageState.WITHHELD, problem=why))


def _record_enrolled(
    enrolled: Many[tuple[Any, ...]], names: dict[UUID, str], *, now: datetime, by: Member | None
) -> None:
    rows = [
        NewActivity(
            kind=Kind.ENROLLED,
            occurred_at=now,
            lead_id=lead_id,
            properties={"sequence": names[sequence_id], "sequence_id": str(sequence_id)},
            by_id=by.pk if by else None,
        )
        for lead_id, sequence_id in enrolled
    ]
    record_activities(rows, now=now)


def _refuse_unless_takes_people(sequence: Sequence) -> None:
    if not sequence.is_active:
        raise CannotEnrolLead(_("“%s” is paused; resume it first.") % sequence, field="sequence")
    if not sequence.versions.filter(state=VersionState.PUBLISHED).exists():
        raise CannotEnrolLead(
            _("“%s” has no published version yet; publish its draft first.") % sequence,
            field="sequence",
        )


def _refuse_unless_writable(lead: Lead) -> None:
    if not lead.email:
        raise CannotEnrolLead(_("%s has no email address; add one first.") % lead, field="lead")
    if lead.do_not_email or Suppression.objects.filter(email=lead.email.lower()).exists():
        raise CannotEnrolLead(_("%s does not want email from us.") % lead, field="lead")
