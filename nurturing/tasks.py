"""The Celery face of nurturing; `leadmgmt/celery.py` says how often."""

from celery import shared_task
from django.utils import timezone

from nurturing import bell, jobs


@shared_task
def do_due_work() -> int:
    """One round of everything that is due; rings for another while there is more."""
    now = timezone.now()
    done = jobs.advance_due(now=now) + jobs.send_due(now=now) + jobs.settle_due(now=now)
    if done:
        bell.wake()
    return done
