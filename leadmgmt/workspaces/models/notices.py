"""What members are told."""

from django.db import models
from django.db.models.functions import Now

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models.members import Member
from leadmgmt.workspaces.models.workspaces import WorkspaceModel


class Notice(WorkspaceModel):
    """Something one member should know: somebody named them, a task is due, one is late.

    `path` is the page it is about, below the workspace. `key` makes a notice that is given twice
    the same notice.
    """

    member = WorkspaceForeignKey(Member, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=300, blank=True, default="")
    key = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "member", "key"], name="notice_once"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "member", "-created_at", "-id"], name="notice_newest"
            ),
            models.Index(
                fields=["workspace", "member"],
                condition=models.Q(seen_at=None),
                name="notice_unseen",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(mailed_at=None, seen_at=None),
                name="notice_unmailed",
            ),
        ]

    def __str__(self) -> str:
        return self.text
