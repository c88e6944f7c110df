"""What a client that asks twice is told the second time."""

from django.db import models
from django.db.models.functions import Now

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel


class KeptAnswer(WorkspaceModel):
    """The answer to a request that carried an `Idempotency-Key`, kept for a day.

    `name` is what the header said; `asked` the digest of what was asked. Answers name people, so
    erasing a lead takes along those that name it.
    """

    api_key = WorkspaceForeignKey("workspaces.ApiKey", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "api_key", "name"], name="kept_answer_once"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="kept_answer_age")]

    def __str__(self) -> str:
        return f"{self.name}: {self.status}"
