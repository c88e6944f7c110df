"""Leads that may be one person, leads that were made one, and leads taken out for a while."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel
from leads.models.people import Company, Lead


class DuplicateStatus(models.TextChoices):
    """What people decided about two leads that look alike."""

    OPEN = "open", _("To be looked at")
    DISMISSED = "dismissed", _("Two people")
    MERGED = "merged", _("Merged")


class Duplicate(WorkspaceModel):
    """Two leads that look like one person (`first` has the smaller id), for a person to decide.

    `certainty` in percent; `reasons` name what is alike.
    """

    moves_in_merge = False  # looks like that lead

    first = WorkspaceForeignKey(Lead, models.CASCADE, related_name="+")
    second = WorkspaceForeignKey(Lead, models.CASCADE, related_name="+")
    certainty = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    status = models.CharField(max_length=9, choices=DuplicateStatus, default=DuplicateStatus.OPEN)
    found_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "first", "second"], name="duplicate_once"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "-certainty", "id"],
                condition=models.Q(status="open"),
                name="duplicate_open",
            ),
            models.Index(fields=["workspace", "second"], name="duplicate_second"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"


class TraitKind(models.TextChoices):
    """What two leads that are one person often share."""

    PHONE = "phone", _("Phone number")
    MAILBOX = "mailbox", _("Name before the @")
    EXTERNAL = "external", _("External id in another spelling")
    WORD = "word", _("A word of the name, at one company")


class Trait(WorkspaceModel):
    """What one lead has in common with those who may be the same person; derived from the lead.

    `value` is written so that different spellings are the same: the last digits of a telephone,
    the mailbox of an address without dots, an external id in small letters and digits.
    """

    moves_in_merge = False  # derived from that lead

    lead = WorkspaceForeignKey(Lead, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=TraitKind)
    value = models.CharField(max_length=254)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead", "kind", "value"], name="trait_once"
            ),
        ]
        indexes = [models.Index(fields=["workspace", "kind", "value"], name="trait_value")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class Merge(WorkspaceModel):
    """Two leads were made one: `gone_id` lives on in `lead`.

    `before` is the kept lead's profile as it was, `moved` the rows that changed hands (table →
    ids); what could not move lies with the lead that went (RemovedLead).
    """

    lead = WorkspaceForeignKey(Lead, models.CASCADE, related_name="merges")
    gone_id = models.UUIDField()
    gone_label = models.CharField(max_length=254)
    before = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "gone_id"], name="merge_gone"),
            models.Index(fields=["workspace", "lead", "-merged_at"], name="merge_lead"),
        ]

    def __str__(self) -> str:
        return self.gone_label


class CompanyMerge(WorkspaceModel):
    """Two companies were made one: `gone_id` lives on in `company`, as leads do (Merge).

    `domain` is the one of the two that the kept company does not show: who writes from it works
    there all the same.
    """

    company = WorkspaceForeignKey(Company, models.CASCADE, related_name="merges")
    gone_id = models.UUIDField()
    gone_label = models.CharField(max_length=254)
    domain = models.CharField(max_length=253, blank=True, default="")
    before = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "gone_id"], name="company_merge_gone"),
            models.Index(fields=["workspace", "company", "-merged_at"], name="company_merge_kept"),
            models.Index(
                fields=["workspace", "domain"],
                condition=models.Q(undone_at=None) & ~models.Q(domain=""),
                name="company_merge_domain",
            ),
        ]

    def __str__(self) -> str:
        return self.gone_label


class RemovedCause(models.TextChoices):
    """What took a lead out."""

    PERSON = "person", _("Removed by hand")
    BULK = "bulk", _("Bulk action")
    IMPORT = "import", _("Undone import")
    MERGE = "merge", _("Merged")


class Parcel(WorkspaceModel):
    """Something taken out with every row that hung on it (`rows`: table → rows), to be put back.

    `cause` (RemovedCause) says what took it out and `cause_id` which one: a bulk action, an import,
    a merge. Gone for good at `expires_at`. Only `leads.parcels` knows how `rows` is packed.
    """

    label = models.CharField(max_length=254)
    rows = models.JSONField(default=dict)
    cause = models.CharField(max_length=10)
    cause_id = models.UUIDField(null=True, blank=True)
    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label


class RemovedCompany(Parcel):
    """A company taken out with every row that hung on it.

    Its people stay, without an employer; `rows` remembers who they were.
    """

    company_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "company_id"], name="removed_firm_once"),
        ]
        indexes = [
            models.Index(fields=["workspace", "cause_id"], name="removed_firm_cause"),
            models.Index(fields=["workspace", "expires_at"], name="removed_firm_expires"),
            models.Index(fields=["workspace", "-removed_at", "-id"], name="removed_firm_newest"),
        ]


class RemovedLead(Parcel):
    """A lead taken out with every row that hung on it."""

    lead_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "lead_id"], name="removed_once"),
        ]
        indexes = [
            models.Index(fields=["workspace", "cause_id"], name="removed_cause"),
            models.Index(fields=["workspace", "expires_at"], name="removed_expires"),
            models.Index(fields=["workspace", "-removed_at", "-id"], name="removed_newest"),
        ]
