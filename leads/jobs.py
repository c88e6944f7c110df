"""What the worker repeats for leads."""

from datetime import datetime

from django.db import connection

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.fencing import workspaces_due
from leads import storing
from leads.actions.building import refresh_due
from leads.actions.files import discard_files
from leads.actions.reminding import escalate_late, remind_assignees
from leads.actions.removing import discard_expired
from leads.actions.removing_companies import discard_expired_companies
from leads.actions.retention import keep_to_rules
from leads.bulk.exporting import KEPT, discard_exports

MONTHS_AHEAD = 3


def make_activity_months() -> None:
    """Make room for the activities of the months to come; see migration 0002."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT leads_make_activity_months(%s)", [MONTHS_AHEAD])


def discard_removed(*, now: datetime) -> int:
    """Let go for good of removed leads and companies whose time is over, everywhere; how many."""
    discarded = 0
    for workspace_id in workspaces_due("leads_due_removed", now):
        with inside(workspace_id):
            while gone := discard_expired(now=now):
                discarded += gone
    for workspace_id in workspaces_due("leads_due_removed_companies", now):
        with inside(workspace_id):
            while gone := discard_expired_companies(now=now):
                discarded += gone
    return discarded


def remind_due(*, now: datetime) -> int:
    """Remind of tasks that are due, tell managers of those that are late, in every workspace."""
    told = 0
    for sweep, tell in (
        ("leads_due_reminders", remind_assignees),
        ("leads_due_escalations", escalate_late),
    ):
        for workspace_id in workspaces_due(sweep, now):
            with inside(workspace_id):
                while dealt := tell(now=now):
                    told += dealt
    return told


def refresh_segments(*, now: datetime) -> None:
    """Ask again, in workspaces where a new day has begun, whoever the passing of days concerns."""
    for workspace_id in workspaces_due("leads_due_segments", now):
        with inside(workspace_id):
            refresh_due(now=now)


def keep_to_retention_rules(*, now: datetime) -> int:
    """Erase whom retention rules name, in every workspace whose rules are due; how many."""
    erased = 0
    for workspace_id in workspaces_due("leads_due_retention", now):
        with inside(workspace_id):
            erased += keep_to_rules(now=now)
    return erased


def discard_old_files(*, now: datetime) -> int:
    """Throw away what was removed long ago and what nobody knows, in every workspace; how many."""
    gone = 0
    for workspace_id in storing.workspaces():
        with inside(workspace_id):
            gone += discard_files(now=now)
    return gone


def discard_old_exports(*, now: datetime) -> int:
    """Delete exported files that are older than a week, in every workspace; how many."""
    gone = 0
    for workspace_id in storing.workspaces():
        with inside(workspace_id):
            gone += discard_exports(before=now - KEPT)
    return gone
