"""The Celery face of the SLA."""

from celery import shared_task
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.fencing import workspaces_due
from sla.actions import note_breaches


@shared_task
def sweep_deadlines() -> int:
    """Note every deadline that has passed, in all workspaces; the number of breaches."""
    now = timezone.now()
    missed = 0
    for workspace_id in workspaces_due("sla_due_clocks", now):
        with inside(workspace_id):
            while noted := note_breaches(now=now):
                missed += noted
    return missed
