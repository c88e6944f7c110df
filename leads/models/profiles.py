"""Where each value of a profile came from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.people import Company, Lead


class Via(models.TextChoices):
    """Through which door a value came."""

    PERSON = "person", _("a person")
    FORM = "form", _("a form")
    IMPORT = "import", _("an import")
    API = "api", _("the API")
    BULK = "bulk", _("a bulk action")
    MERGE = "merge", _("a merge")
    TRACKING = "tracking", _("tracking")


class ProfileChange(WorkspaceModel):
    """One field of a known lead changed from one value to another; kept for ever.

    `field` is named as conditions name it (`job_title`, `attributes.size`). The newest change of a
    field is the origin of what it says now; a field without any came with the lead itself.
    """

    moves_in_merge = False  # where the values of that profile came from

    lead = WorkspaceForeignKey(Lead, models.CASCADE, related_name="profile_changes")
    field = models.CharField(max_length=80)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    via = models.CharField(max_length=8, choices=Via)
    via_id = models.UUIDField(null=True, blank=True)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "lead", "-changed_at"], name="profile_change_lead"),
            models.Index(
                fields=["workspace", "via_id"],
                condition=models.Q(via_id__isnull=False),
                name="profile_change_via",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


class CompanyChange(WorkspaceModel):
    """One field of a company changed from one value to another; kept for ever.

    `field` is a column of the company or `attributes.<key>`; the owner stands as `owner`.
    """

    moves_in_merge = False  # where the values of that company came from

    company = WorkspaceForeignKey(Company, models.CASCADE, related_name="changes")
    field = models.CharField(max_length=80)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    via = models.CharField(max_length=8, choices=Via)
    via_id = models.UUIDField(null=True, blank=True)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "company", "-changed_at"], name="company_change_newest"
            ),
            models.Index(
                fields=["workspace", "via_id", "company"],
                condition=models.Q(via_id__isnull=False),
                name="company_change_via",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
