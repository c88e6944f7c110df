"""Taking back the human verdict on facts that turn out to be a machine's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from leadmgmt.kernel.events import publish
from leads.events import ActivitiesRecorded
from leads.models import Activity


def judge_machine(lead_id: UUID, *, keys: Sequence[str], since: datetime) -> int:
    """The lead's facts with these keys, no older than `since`, were a machine's; how many.

    Whoever counts facts is told as if they were new, and counts again.
    """
    facts = Activity.objects.filter(
        lead=lead_id, occurred_at__gte=since, key__in=keys, is_machine=False
    )
    with transaction.atomic():
        judged = int(facts.update(is_machine=True))
        since_day = since.astimezone(UTC).date().isoformat()
        ids = (lead_id,) if judged else ()
        publish(ActivitiesRecorded(ids, since_day=since_day, is_verdict=True))
    return judged
