"""The Celery face of `jobs`."""

from celery import shared_task
from django.utils import timezone

from leadmgmt.workspaces import jobs


@shared_task
def mail_notices() -> int:
    """Every minute."""
    return jobs.mail_notices(now=timezone.now())
