"""What scoring does when something happened."""

from django.utils import timezone

from leads.events import ActivitiesRecorded, LeadsChanged, LeadsCreated
from scoring.actions.publishing import advance_recomputes
from scoring.actions.rescoring import rescore_leads
from scoring.events import RecomputesAdvanced


def rescore(event: LeadsCreated | LeadsChanged | ActivitiesRecorded) -> None:
    """New facts may move a score."""
    rescore_leads(event.ids, now=timezone.now(), is_quiet=event.is_quiet)


def advance(event: RecomputesAdvanced) -> None:
    """A recompute that has more to do goes on."""
    advance_recomputes(event.ids, now=timezone.now())
