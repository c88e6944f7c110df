"""The Celery face of `jobs`."""

from celery import shared_task

from leads import jobs


@shared_task
def make_activity_months() -> None:
    """Daily."""
    jobs.make_activity_months()
