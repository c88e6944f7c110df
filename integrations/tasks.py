"""The Celery face of what repeats."""

from celery import shared_task
from django.utils import timezone

from integrations import repeating


@shared_task
def forget_old_answers() -> int:
    """Hourly."""
    return repeating.forget_old_answers(timezone.now())
