"""What scoring does when something happened."""

from datetime import date, timedelta

from django.utils import timezone

from leadmgmt.workspaces.events import TimeZonesChanged, WorkspacesCreated
from leads.events import (
    ActivitiesRecorded,
    ConsentsChanged,
    LeadsChanged,
    LeadsCreated,
    TagsChanged,
)
from scoring.actions.publishing import advance_recomputes, recompute_model
from scoring.actions.rescoring import NO_FACTS, rescore_leads
from scoring.actions.starting import publish_first_model
from scoring.events import RecomputesAdvanced
from scoring.models import ScoreModel

A_DAY = timedelta(days=1)  # a day of the workspace may begin on the day before in UTC


def begin_scoring(event: WorkspacesCreated) -> None:
    """A new workspace scores its leads from the first on."""
    publish_first_model(now=timezone.now())


def rescore_known(event: LeadsCreated | LeadsChanged) -> None:
    """What is known of leads has changed; their facts have not."""
    rescore_leads(event.ids, now=timezone.now(), is_quiet=event.is_quiet, since=NO_FACTS)


def rescore_sorted(event: TagsChanged | ConsentsChanged) -> None:
    """Leads wear other tags, or agreed to something else; profile rules may ask for both."""
    rescore_leads(event.ids, now=timezone.now(), since=NO_FACTS)


def rescore_active(event: ActivitiesRecorded) -> None:
    """New facts may move a score."""
    since = date.fromisoformat(event.since_day) - A_DAY if event.since_day else None
    rescore_leads(event.ids, now=timezone.now(), is_quiet=event.is_quiet, since=since)


def recount_days(event: TimeZonesChanged) -> None:
    """Days begin elsewhere now, so what happened on which day is counted anew."""
    if ScoreModel.objects.published().exists():
        recompute_model(by=None, now=timezone.now())


def advance(event: RecomputesAdvanced) -> None:
    """A recompute that has more to do goes on."""
    advance_recomputes(event.ids, now=timezone.now())
