"""Which kinds of facts belong together on a timeline."""

from typing import Any

from django.utils.translation import gettext_lazy

from leads.kinds import Kind

FAMILIES: dict[str, tuple[Any, tuple[Kind, ...]]] = {
    "web": (gettext_lazy("Website"), (Kind.VISIT, Kind.PAGE_VIEW, Kind.FORM_SUBMITTED)),
    "contact": (
        gettext_lazy("Contact"),
        (
            Kind.CALL,
            Kind.EMAIL,
            Kind.VOICE_MESSAGE,
            Kind.MEETING,
            Kind.NOTE,
            Kind.TRAINING_SENT,
            Kind.CONSENT_GIVEN,
            Kind.CONSENT_WITHDRAWN,
        ),
    ),
    "mail": (
        gettext_lazy("Sequences"),
        (
            Kind.MESSAGE_SENT,
            Kind.MESSAGE_OPENED,
            Kind.MESSAGE_CLICKED,
            Kind.MESSAGE_BOUNCED,
            Kind.UNSUBSCRIBED,
            Kind.ENROLLED,
        ),
    ),
    "task": (
        gettext_lazy("Tasks and files"),
        (
            Kind.TASK_ADDED,
            Kind.TASK_DONE,
            Kind.TASK_DROPPED,
            Kind.TASK_REOPENED,
            Kind.FILE_ADDED,
        ),
    ),
    "stage": (
        gettext_lazy("Progress"),
        (
            Kind.LEAD_CREATED,
            Kind.IMPORTED,
            Kind.STAGE_ENTERED,
            Kind.QUALIFICATION,
            Kind.DISPOSITION,
            Kind.SNOOZED,
            Kind.ASSIGNED,
            Kind.DEAL_OPENED,
            Kind.DEAL_WON,
            Kind.DEAL_LOST,
            Kind.BREACHED,
            Kind.MERGED,
            Kind.CYCLE_CLOSED,
            Kind.CYCLE_REOPENED,
        ),
    ),
}
"""What the filter above the timeline offers."""
