"""Addresses from which emails come back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from nurturing.actions.enrolling import end_enrolments, withhold_planned
from nurturing.models import (
    Enrolment,
    EnrolmentState,
    LeavingReason,
    Suppression,
    SuppressionReason,
)


def suppress_bounced(bounced: Sequence[tuple[UUID, str]], *, now: datetime) -> None:
    """An address (with its lead) that does not exist will not exist tomorrow either."""
    if not bounced:
        return
    rows = [
        Suppression(email=email.lower(), reason=SuppressionReason.BOUNCED, suppressed_at=now)
        for _lead_id, email in bounced
    ]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)
    lead_ids = [lead_id for lead_id, _email in bounced]
    running = Enrolment.objects.filter(lead__in=lead_ids, state=EnrolmentState.RUNNING)
    end_enrolments(running, reason=LeavingReason.BOUNCED, now=now)
    withhold_planned(lead_ids, why=str(LeavingReason.BOUNCED.label))
