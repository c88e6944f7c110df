"""What the SLA does when something happens below."""

from django.utils import timezone

from funnel.events import LeadsAttempted, StagesEntered
from leadmgmt.workspaces.events import WorkspacesCreated
from leads.models import Stage
from sla import actions


def watch_first_response(event: StagesEntered) -> None:
    """MQL starts the clock, unless quietly; any other stage but SQL means nobody waits any more.

    A quiet move tells of the past: nobody is waiting for an answer, so nothing is promised. It
    still ends a wait, because a clock that runs on would be breached by nobody's fault.
    """
    if event.stage == Stage.MQL:
        if event.has_effect("clocks"):
            actions.start_clocks(event.ids, now=timezone.now())
    else:
        actions.answer_clocks(event.ids)
        actions.close_clocks(event.ids, now=timezone.now())


def stop_answered(event: LeadsAttempted) -> None:
    """A rep tried to reach them."""
    actions.answer_clocks(event.ids)


def promise_something(event: WorkspacesCreated) -> None:
    """A new workspace starts with a promise both departments can change."""
    actions.start_policy(by=None, now=timezone.now())
