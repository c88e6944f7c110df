"""How a workspace qualifies: its questions, its rule, its reasons, its patience."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from funnel.playbook import usual_questions, usual_reasons
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel

USUAL_COOL_OFF = 30


class Playbook(WorkspaceModel):
    """One version of how leads are qualified and sent back; the highest version is in force.

    Immutable: a change is a new version, and a qualification keeps the one it was asked by.
    Without a row the usual one is in force. See `funnel.playbook` for the shape of the questions
    and of the reasons.
    """

    version = models.PositiveIntegerField(default=0)
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
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "version"], name="playbook_version_once"),
        ]

    def __str__(self) -> str:
        return str(_("Version %(number)d") % {"number": self.version})
