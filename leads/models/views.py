"""Saved views: lists as somebody likes to see them."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel


class Subject(models.TextChoices):
    """What a list, a field or a file is about."""

    LEAD = "lead", _("Leads")
    COMPANY = "company", _("Companies")


class SavedView(WorkspaceModel):
    """A list with its filters, columns and order under a name; its owner's, or shared with all.

    `query`: the filters as the list's address carries them. `condition`: a condition on top.
    """

    subject = models.CharField(max_length=7, choices=Subject, default=Subject.LEAD)
    name = models.CharField(_("name"), max_length=80)
    owner = WorkspaceForeignKey("workspaces.Member", models.CASCADE, related_name="+")
    is_shared = models.BooleanField(_("shared with everybody"), default=False)
    query = models.JSONField(default=dict)
    condition = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "subject", "owner", "name"],
                name="view_name_once",
                violation_error_message=_("You already have a view with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
