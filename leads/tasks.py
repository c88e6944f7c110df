"""The Celery face of `jobs`."""

from celery import shared_task
from django.utils import timezone

from leads import jobs


@shared_task
def make_activity_months() -> None:
    """Daily."""
    jobs.make_activity_months()


@shared_task
def discard_removed() -> int:
    """Nightly."""
    return jobs.discard_removed(now=timezone.now())


@shared_task
def remind_due() -> int:
    """Tasks that are due, and those that are late."""
    return jobs.remind_due(now=timezone.now())


@shared_task
def refresh_segments() -> None:
    """Soon after midnight, whose midnight it may be."""
    jobs.refresh_segments(now=timezone.now())


@shared_task
def discard_old_files() -> int:
    """Nightly."""
    return jobs.discard_old_files(now=timezone.now())


@shared_task
def keep_to_retention_rules() -> int:
    """Nightly."""
    return jobs.keep_to_retention_rules(now=timezone.now())


@shared_task
def discard_old_exports() -> int:
    """Several times a day."""
    return jobs.discard_old_exports(now=timezone.now())
