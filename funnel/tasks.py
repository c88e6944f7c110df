"""The Celery face of the funnel's jobs."""

from celery import shared_task

from funnel import jobs


@shared_task
def bring_everybody_back() -> int:
    """Leads whose day has come leave nurturing."""
    return jobs.bring_everybody_back()


@shared_task
def route_waiting() -> int:
    """Leads that nobody could take are asked about again."""
    return jobs.route_everybody_waiting()
