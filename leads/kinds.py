"""Kinds of activity: what can happen to a visitor or a lead, in the words of the timeline."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kinds we write ourselves; integrations may append kinds of their own."""

    VISIT = "visit", _("Visited the site")
    PAGE_VIEW = "page_view", _("Viewed a page")
    PAGE_LEFT = "page_left", _("Left a page")
    FORM_SUBMITTED = "form_submitted", _("Sent a form")
    LEAD_CREATED = "lead_created", _("Became a lead")
    IMPORTED = "imported", _("Came with an import")
    ASSIGNED = "assigned", _("Was given to a rep")
    NOTE = "note", _("Note")
    CALL = "call", _("Call")
    EMAIL = "email", _("Email by a rep")
    VOICE_MESSAGE = "voice_message", _("Voice message")
    MEETING = "meeting", _("Meeting")
    STAGE_ENTERED = "stage_entered", _("Entered a stage")
    QUALIFICATION = "qualification", _("Qualification")
    DISPOSITION = "disposition", _("Sales accepted, rejected or recycled")
    SNOOZED = "snoozed", _("Snoozed in the queue")
    DEAL_OPENED = "deal_opened", _("Deal opened")
    DEAL_WON = "deal_won", _("Deal won")
    DEAL_LOST = "deal_lost", _("Deal lost")
    MESSAGE_SENT = "message_sent", _("Was sent an email")
    MESSAGE_OPENED = "message_opened", _("Opened an email")
    MESSAGE_CLICKED = "message_clicked", _("Clicked in an email")
    MESSAGE_BOUNCED = "message_bounced", _("Email came back")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    TRAINING_SENT = "training_sent", _("Was sent training content")
    ENROLLED = "enrolled", _("Enrolled in a sequence")
    BREACHED = "breached", _("Deadline missed")
    TASK_ADDED = "task_added", _("Task")
    TASK_DONE = "task_done", _("Task done")
    TASK_DROPPED = "task_dropped", _("Task dropped")
    TASK_REOPENED = "task_reopened", _("Task taken up again")
    FILE_ADDED = "file_added", _("File added")
    CONSENT_GIVEN = "consent_given", _("Gave consent")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("Withdrew consent")
    MERGED = "merged", _("Merged with another lead")
    CYCLE_CLOSED = "cycle_closed", _("Qualification cycle closed")
    CYCLE_REOPENED = "cycle_reopened", _("Qualification cycle taken up again")


ATTEMPTS = (Kind.CALL, Kind.EMAIL, Kind.VOICE_MESSAGE, Kind.MEETING)
"""A rep tried to reach the lead: what stops a first-response clock."""
