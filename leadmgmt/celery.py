"""The worker application and the one table of what repeats.

Due times live in our tables; the beat only wakes a task that looks for due rows. So an entry
expires before the next one comes, and a beat that was away makes no heap of them.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadmgmt.settings")


def every(seconds: float, task: str) -> dict[str, Any]:
    """Return the entry of a task that is sent each so many seconds."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


BEAT_SCHEDULE = {
    "nurturing": every(5, "nurturing.tasks.do_due_work"),
    "nurturing-returns": every(300, "funnel.tasks.bring_everybody_back"),
    "queue order": every(3_600, "funnel.tasks.rearrange_queues"),
    "waiting leads": every(60, "funnel.tasks.route_waiting"),
    "indicators": every(3_600, "scoring.tasks.measure_indicators"),
    "score windows": every(300, "scoring.tasks.rescore_due"),
    "releases": every(20, "scoring.tasks.release_due"),
    "chances": every(900, "scoring.tasks.predict_due"),
    "activity months": every(6 * 3_600, "leads.tasks.make_activity_months"),
    "removed files": every(24 * 3_600, "leads.tasks.discard_old_files"),
    "imported files": every(24 * 3_600, "capture.tasks.discard_old_files"),
    "exported files": every(6 * 3_600, "leads.tasks.discard_old_exports"),
    "notices by mail": every(60, "leadmgmt.workspaces.tasks.mail_notices"),
    "reminders": every(30, "leads.tasks.remind_due"),
    "renewals": every(300, "funnel.tasks.remind_of_renewals"),
    "overdue onboarding": every(300, "funnel.tasks.tell_of_late_steps"),
    "training letters": every(5, "funnel.tasks.send_training_letters"),
    "licences": every(6 * 3_600, "capture.tasks.expire_licences"),
    "retention rules": every(24 * 3_600, "leads.tasks.keep_to_retention_rules"),
    "removed leads": every(24 * 3_600, "leads.tasks.discard_removed"),
    "segments": every(300, "leads.tasks.refresh_segments"),
    "deal sums": every(60, "funnel.tasks.fold_deal_sums"),
    "deal sums checked": every(24 * 3_600, "funnel.tasks.check_deal_sums"),
    "customers checked": every(24 * 3_600, "funnel.tasks.check_customers"),
    "kept answers": every(3_600, "integrations.tasks.forget_old_answers"),
    "outbox": every(2, "leadmgmt.kernel.tasks.drain_outbox"),
    "sla deadlines": every(5, "sla.tasks.sweep_deadlines"),
}


def broker_url(redis_url: str) -> str:
    """Return the address as Celery spells it; a unix socket has a scheme of its own there."""
    if not redis_url.startswith("unix://"):
        return redis_url
    path, _, query = redis_url.removeprefix("unix://").partition("?")
    return f"redis+socket://{path}?virtual_host={query.removeprefix('db=') or 0}"


app = Celery("leadmgmt", task_cls="leadmgmt.kernel.tasks:WorkspaceTask")
app.set_default()  # for the threads of the web server too
app.conf.update(
    broker_url=broker_url(settings.REDIS_URL),
    broker_connection_retry_on_startup=True,
    # A dead broker must not keep a request waiting: the sweep finds what a lost ring missed.
    broker_connection_timeout=1,
    broker_transport_options={
        "socket_connect_timeout": 0.5,
        "socket_timeout": 2,  # a waiting worker asks for one second at a time
        "max_retries": 1,
        "interval_start": 0,
    },
    task_publish_retry=False,
    # A task whose worker dies is done again by another; every task bears that.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    timezone="UTC",
    beat_schedule=BEAT_SCHEDULE,
    worker_hijack_root_logger=False,
)
app.autodiscover_tasks()


@worker_init.connect(weak=False)
def refuse_unsafe_start(**_: Any) -> None:
    """A worker of a production server has the same right to refuse as the web."""
    from leadmgmt import checks

    checks.refuse_unsafe_start()


@worker_ready.connect(weak=False)
def settle(**_: Any) -> None:
    """Whatever the worker loaded is there to stay."""
    from leadmgmt.kernel import memory

    memory.settle()
