"""What scoring does when something happened."""

from django.utils import timezone

from leadmgmt.workspaces.events import WorkspacesCreated
from leads.events import ActivitiesRecorded, LeadsChanged, LeadsCreated
from scoring.actions.publishing import advance_recomputes
from scoring.actions.rescoring import rescore_leads
from scoring.actions.starting import publish_first_model
from scoring.events import RecomputesAdvanced


def begin_scoring(event: WorkspacesCreated) -> None:
    """A new workspace scores its leads from the first on."""
    publish_first_model(now=timezone.now())


def rescore(event: LeadsCreated | LeadsChanged | ActivitiesRecorded) -> None:
    """New facts may move a score."""
    rescore_leads(event.ids, now=timezone.now(), is_quiet=event.is_quiet)


def advance(event: RecomputesAdvanced) -> None:
    """A recompute that has more to do goes on."""
    advance_recomputes(event.ids, now=timezone.now())
