"""Activities: everything that happens to a visitor or a lead. Append-only."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.kinds import Kind


class Activity(WorkspaceModel):
    """A fact: what happened, to whom, when, where from.

    The table is partitioned by month of `occurred_at` (see migration 0002), so give queries a
    time bound where there is one. `lead` is empty while the visitor is anonymous. `key` makes a
    resent activity the same activity (see ActivityKey). `is_machine`: judged not to be a person.
    """

    lead = WorkspaceForeignKey("leads.Lead", models.CASCADE, null=True, related_name="activities")
    visitor = WorkspaceForeignKey("leads.Visitor", models.CASCADE, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=40)
    occurred_at = models.DateTimeField(db_default=Now())
    received_at = models.DateTimeField(db_default=Now())
    campaign = WorkspaceForeignKey("leads.Campaign", models.SET_NULL, null=True, related_name="+")
    source = models.CharField(max_length=100, default="")
    medium = models.CharField(max_length=100, default="")
    properties = models.JSONField(default=dict)
    key = models.CharField(max_length=100, null=True)  # noqa: DJ001
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    is_machine = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "lead", "-occurred_at"], name="activity_timeline"),
            models.Index(
                fields=["workspace", "visitor"],
                condition=models.Q(lead=None),
                name="activity_anonymous",
            ),
        ]

    def __str__(self) -> str:
        return str(dict(Kind.choices).get(self.kind, self.kind))


class ActivityKey(WorkspaceModel):
    """A dedupe key already seen: the activity it came with is stored, and stored once."""

    key = models.CharField(max_length=100)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "key"], name="activity_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
