"""Tags: words people put on leads and companies."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.people import Company, Lead


class Tag(WorkspaceModel):
    """A word the workspace puts on leads and companies; `key` is its name in lower case."""

    name = models.CharField(_("name"), max_length=60)
    key = models.CharField(max_length=60, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"],
                name="tag_once",
                violation_error_message=_("Another tag already has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LeadTag(WorkspaceModel):
    """One lead wears one tag."""

    lead = WorkspaceForeignKey(Lead, models.CASCADE, related_name="lead_tags")
    tag = WorkspaceForeignKey(Tag, models.CASCADE, related_name="lead_tags")
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    tagged_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "lead", "tag"], name="lead_tag_once"),
        ]
        indexes = [models.Index(fields=["workspace", "tag", "lead"], name="lead_tag_leads")]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.tag_id}"


class CompanyTag(WorkspaceModel):
    """One company wears one tag."""

    company = WorkspaceForeignKey(Company, models.CASCADE, related_name="company_tags")
    tag = WorkspaceForeignKey(Tag, models.CASCADE, related_name="company_tags")
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    tagged_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "company", "tag"], name="company_tag_once"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "tag", "company"], name="company_tag_companies")
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.tag_id}"
