"""Tasks and promises: what somebody has to do for a lead, and by when."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.people import Company, Lead


class TaskKind(WorkspaceModel):
    """What tasks are about: open demo access, call with the offer, send material, own kinds.

    A promise is a task the lead was told of. `due_hours`, `remind_hours`, `escalate_hours`: when
    it is due unless said otherwise, how long before that we remind, how long after it the sales
    managers are told (empty: never).
    """

    name = models.CharField(_("name"), max_length=80)
    is_promise = models.BooleanField(_("promised to the lead"), default=False)
    due_hours = models.PositiveSmallIntegerField(_("due after, in hours"), default=24)
    remind_hours = models.PositiveSmallIntegerField(
        _("remind before, in hours"), null=True, blank=True, default=1
    )
    escalate_hours = models.PositiveSmallIntegerField(
        _("tell the managers when late by, in hours"), null=True, blank=True, default=24
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "name"],
                name="task_kind_once",
                violation_error_message=_("Another kind of task already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Task(WorkspaceModel):
    """Something to do by somebody until some moment; open until done or dropped.

    `remind_at` and `escalate_at` are empty once that has happened, or never will.
    """

    kind = WorkspaceForeignKey(TaskKind, models.CASCADE, related_name="tasks")
    title = models.CharField(_("what to do"), max_length=200)
    note = models.TextField(_("note"), max_length=5_000, blank=True, default="")
    lead = WorkspaceForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="tasks")
    company = WorkspaceForeignKey(
        Company, models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    assignee = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(_("due"))
    remind_at = models.DateTimeField(null=True, blank=True)
    escalate_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "lead", "due_at"], name="task_lead"),
            models.Index(
                fields=["workspace", "assignee", "due_at", "id"],
                condition=models.Q(done_at=None, dropped_at=None),
                name="task_open",
            ),
            models.Index(fields=["workspace", "company", "due_at"], name="task_company"),
            models.Index(
                fields=["workspace", "due_at", "id"],
                condition=models.Q(done_at=None, dropped_at=None),
                name="task_open_all",
            ),
            models.Index(
                fields=["workspace", "done_by", "-done_at", "-id"],
                condition=models.Q(done_at__isnull=False),
                name="task_done",
            ),
            models.Index(
                fields=["workspace", "-done_at", "-id"],
                condition=models.Q(done_at__isnull=False),
                name="task_done_all",
            ),
            models.Index(
                fields=["workspace", "remind_at"],
                condition=models.Q(done_at=None, dropped_at=None, remind_at__isnull=False),
                name="task_remind",
            ),
            models.Index(
                fields=["workspace", "escalate_at"],
                condition=models.Q(done_at=None, dropped_at=None, escalate_at__isnull=False),
                name="task_escalate",
            ),
        ]

    def __str__(self) -> str:
        return self.title
