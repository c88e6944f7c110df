"""Waking a worker for what has just become due, so that nobody waits for the next sweep."""

import logging

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)

TASK = "nurturing.tasks.do_due_work"


def wake_on_commit() -> None:
    """Wake a worker once the open transaction has committed; once, however often asked."""
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] is wake for entry in waiting):
        transaction.on_commit(wake)


def wake() -> None:
    """Wake a worker now; if the broker is down, the sweep follows in seconds."""
    try:
        current_app.send_task(TASK, retry=False)
    except Exception as problem:  # the broker's errors have no common base
        log.warning("No worker could be woken, the sweep will follow: %s", problem)
