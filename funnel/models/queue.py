"""The queue in its order, and what sales said about the MQLs it was given."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel

NEVER = 2_147_483_647
"""The hour of what has no deadline."""


class QueueEntry(WorkspaceModel):
    """One MQL or SQL in the queue: in whose hands, or in the pool, and how urgent.

    Worked out from the lead, its deadline, its next step, its deals and its qualification
    whenever one of them changes (`actions.arranging`); nobody writes it otherwise but to snooze.
    `due_hour` counts hours since 1970; `urgency` is 0 for hot; `value` is in minor units.
    """

    moves_in_merge = False

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="+")
    owner = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField(null=True)
    due_hour = models.IntegerField(default=NEVER)
    urgency = models.PositiveSmallIntegerField(default=3)
    value = models.BigIntegerField(default=0)
    closeness = models.PositiveSmallIntegerField(default=0)
    score = models.IntegerField()
    since = models.DateTimeField()
    snoozed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "lead"], name="queue_entry_once"),
        ]
        indexes = [
            models.Index(
                fields=[
                    "workspace",
                    "owner",
                    "due_hour",
                    "urgency",
                    "-value",
                    "-closeness",
                    "-score",
                    "since",
                    "id",
                ],
                name="queue_in_order",
            ),
            # The pool in its order: that an owner is empty orders nothing for PostgreSQL, so that
            # the index above would be sorted anew.
            models.Index(
                fields=[
                    "workspace",
                    "due_hour",
                    "urgency",
                    "-value",
                    "-closeness",
                    "-score",
                    "since",
                    "id",
                ],
                condition=models.Q(owner=None),
                name="queue_pool_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.due_at or '–'}"


class DispositionKind(models.TextChoices):
    """What sales said about an MQL."""

    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    RECYCLED = "recycled", _("Recycled")


class Disposition(WorkspaceModel):
    """What sales last said about one MQL, and which definition and score version had made it.

    `made_at` is when the lead became this MQL; so there is one disposition for each time it was.
    `reason` is a key of the playbook's reasons, "qualified" or "qualification" when the answers
    said so. `definition` is empty where a person made the MQL.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, related_name="dispositions")
    kind = models.CharField(max_length=8, choices=DispositionKind)
    reason = models.CharField(max_length=40)
    words = models.CharField(_("in words"), max_length=300, blank=True, default="")
    made_at = models.DateTimeField()
    definition = WorkspaceForeignKey(
        "funnel.Definition", models.PROTECT, null=True, related_name="+"
    )
    score_version = WorkspaceForeignKey(
        "scoring.ModelVersion", models.SET_NULL, null=True, related_name="+"
    )
    qualification = WorkspaceForeignKey(
        "funnel.Qualification", models.CASCADE, null=True, related_name="+"
    )
    cycle = models.PositiveSmallIntegerField(default=1)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead", "made_at"], name="disposition_once"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "made_at"], name="disposition_by_mql"),
            models.Index(fields=["workspace", "qualification"], name="disposition_qualification"),
            models.Index(fields=["workspace", "-decided_at", "-id"], name="disposition_newest"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
