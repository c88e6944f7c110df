"""The Celery face of the jobs."""

from celery import shared_task
from django.utils import timezone

from scoring.jobs import measure_all_due, predict_all_due, release_all_due, rescore_all_due


@shared_task
def rescore_due() -> int:
    """Sent by the beat; a window ends at midnight of its workspace."""
    return rescore_all_due(timezone.now())


@shared_task
def release_due() -> int:
    """Sent by the beat; an hourly cap frees places by the minute."""
    return release_all_due(timezone.now())


@shared_task
def predict_due() -> int:
    """Sent by the beat; chances are worked out anew each night."""
    return predict_all_due(timezone.now())


@shared_task
def measure_indicators() -> int:
    """Sent by the beat; figures are a day old at most."""
    return measure_all_due(timezone.now())
