"""How a workspace qualifies: its questions, its rule, its reasons, its patience."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from funnel.playbook import usual_questions, usual_reasons
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel

USUAL_COOL_OFF = 30


class PlaybookWords(WorkspaceModel):
    """What a playbook says; `funnel.playbook` has the shape of the questions and the reasons."""

    questions = models.JSONField(default=usual_questions)
    reasons = models.JSONField(default=usual_reasons)
    least_in_favour = models.PositiveSmallIntegerField(
        _("answers that must speak for buying"), default=0
    )
    needs_authorised = models.BooleanField(
        _("somebody who may decide must have been spoken to"), default=True
    )
    cool_off_days = models.PositiveSmallIntegerField(
        _("days in which no rule brings back whom sales sent back"), default=USUAL_COOL_OFF
    )
    reason = models.CharField(_("why it changes"), max_length=300, blank=True, default="")
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")

    class Meta:
        abstract = True


class Playbook(PlaybookWords):
    """One version of how leads are qualified and sent back; the highest version is in force.

    Immutable: a change is a new version, and a qualification keeps the one it was asked by.
    Without a row the usual one is in force.
    """

    version = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "version"], name="playbook_version_once"),
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)d") % {"number": self.version})


class PlaybookDraft(PlaybookWords):
    """What is to be the next version, as far as it is written; nobody is asked by it.

    `after`: the version it was written from. `revision` counts how often it was saved.
    """

    after = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace"], name="playbook_draft_once"),
        ]

    def __str__(self) -> str:
        return str(_("Draft"))
