"""What new MQLs would mean for the SLA, without doing it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from sla.models import Clock
from sla.queries import policy_in_force


def clocks_of_new(lead_ids: Sequence[UUID]) -> Mapping[str, Sequence[UUID]]:
    """Whose clock would start: nobody's without a promise, or while another one runs."""
    if policy_in_force() is None:
        return {}
    running = Clock.objects.running().filter(lead_id__in=lead_ids)
    busy = set(running.values_list("lead_id", flat=True))
    return {_("First response"): [each for each in lead_ids if each not in busy]}
