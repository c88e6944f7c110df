"""Sequences, their versions and steps."""

import re
import uuid
from datetime import timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import VersionState, WorkspaceModel
from leads.models import Stage

MERGE_FIELD = re.compile(r"\{\{\s*(?:\w+\.)*(\w+)[^}]*\}\}")


class Trigger(models.TextChoices):
    """What enrols a lead."""

    STAGE = "stage", _("A lead enters a stage")
    FORM = "form", _("A lead sends a form")
    HAND = "hand", _("Somebody enrols a lead by hand")


class Sequence(WorkspaceModel):
    """A series of emails that keeps a lead warm, and what enrols a lead in it.

    While it is paused nobody is enrolled, nobody moves on and nothing is sent. A lead enrolled by
    a stage leaves when they enter another one: from there somebody else talks to them.
    """

    name = models.CharField(_("name"), max_length=120)
    trigger = models.CharField(_("starts when"), max_length=5, choices=Trigger)
    trigger_stage = models.CharField(
        _("stage"), max_length=12, choices=Stage, blank=True, default=""
    )
    trigger_form = WorkspaceForeignKey(
        "capture.Form",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("form"),
        help_text=_("Leave empty for any form."),
    )
    is_active = models.BooleanField(_("is running"), default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="sequence_name_once",
                violation_error_message=_("Another sequence already has this name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(trigger="stage") | ~models.Q(trigger_stage=""),
                name="sequence_stage_named",
                violation_error_message=_("Choose the stage that starts the sequence."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SequenceVersion(WorkspaceModel):
    """The steps of a sequence at one time. Immutable once published; people stay on theirs."""

    sequence = WorkspaceForeignKey(Sequence, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=VersionState, default=VersionState.DRAFT)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    published_at = models.DateTimeField(null=True)
    published_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "sequence", "number"], name="sequence_version_number"
            ),
            models.UniqueConstraint(
                fields=["workspace", "sequence"],
                condition=models.Q(state="draft"),
                name="sequence_one_draft",
            ),
            models.UniqueConstraint(
                fields=["workspace", "sequence"],
                condition=models.Q(state="published"),
                name="sequence_one_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.number}"


class StepKind(models.TextChoices):
    """What a step does."""

    EMAIL = "email", _("Email")
    WAIT = "wait", _("Wait")


class Step(WorkspaceModel):
    """One email or one wait of a version.

    `key` stays the same when a step is copied into the next version: nobody gets a step twice,
    whichever versions they have been through.
    """

    version = WorkspaceForeignKey(SequenceVersion, models.CASCADE, related_name="steps")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5, choices=StepKind)
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    preheader = models.CharField(
        _("preview line"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("What an inbox shows after the subject."),
    )
    body = models.TextField(_("text"), blank=True, default="")
    wait_days = models.PositiveSmallIntegerField(
        _("days"), default=0, validators=[MaxValueValidator(365)]
    )
    wait_hours = models.PositiveSmallIntegerField(
        _("hours"), default=0, validators=[MaxValueValidator(23)]
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "version", "position"],
                name="step_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.subject_in_words if self.kind == StepKind.EMAIL else self.wait_in_words

    @property
    def is_of_draft(self) -> bool:
        """It can still be changed."""
        return bool(self.version.state == VersionState.DRAFT)

    @property
    def subject_in_words(self) -> str:
        """The subject as people read it: “Hello ‹first name›”."""
        return _in_words(self.subject)

    @property
    def gist(self) -> str:
        """What an inbox shows after the subject, as people read it."""
        return _in_words(self.preheader or self.body)

    @property
    def wait(self) -> timedelta:
        """How long a wait lasts."""
        return timedelta(days=self.wait_days, hours=self.wait_hours)

    @property
    def wait_in_words(self) -> str:
        """Such as “3 days 4 hours”."""
        parts = []
        if self.wait_days:
            parts.append(ngettext("%d day", "%d days", self.wait_days) % self.wait_days)
        if self.wait_hours or not parts:
            parts.append(ngettext("%d hour", "%d hours", self.wait_hours) % self.wait_hours)
        return " ".join(parts)


def _in_words(text: str) -> str:
    return MERGE_FIELD.sub(lambda found: f"‹{found[1].replace('_', ' ')}›", text)
