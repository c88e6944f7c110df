"""The Celery face of `jobs`."""

from celery import shared_task
from django.utils import timezone

from capture import jobs


@shared_task
def expire_licences() -> int:
    """Several times a day, so that the workspace's own midnight is not far."""
    return jobs.expire_licences(now=timezone.now())


@shared_task
def discard_old_files() -> int:
    """Nightly."""
    return jobs.discard_old_files(now=timezone.now())
