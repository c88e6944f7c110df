"""Imports: files of leads on their way into the database."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel


class ImportStatus(models.TextChoices):
    """Where an import stands."""

    DRAFT = "draft", _("Not started")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Import(WorkspaceModel):
    """One uploaded file, how its columns are read, and how far we have come.

    The upload is kept as it was and, beside it, as `rows.jsonl`: one JSON list per row, so that
    a chunk starts at `cursor` (bytes) without reading what came before. A chunk is one
    transaction that moves `cursor` and the counts: a killed worker loses nothing, repeats nothing.
    """

    name = models.CharField(_("file"), max_length=200)
    format = models.CharField(max_length=4)  # csv, xlsx
    encoding = models.CharField(max_length=40, blank=True, default="")
    delimiter = models.CharField(max_length=1, blank=True, default="")
    columns = models.JSONField(default=list)  # [{"header", "samples", "guess"}]
    unknown_words = models.JSONField(_("words for “unknown”"), default=list)
    mapping = models.JSONField(default=list)  # target of each column, "" = left out
    identity = models.CharField(_("identity"), max_length=20, blank=True, default="")
    overwrites = models.BooleanField(_("replace what we know"), default=False)
    is_quiet = models.BooleanField(_("fire nothing"), default=True)
    campaign = WorkspaceForeignKey(
        "leads.Campaign", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.DRAFT)
    cursor = models.BigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    handled = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="import_newest")]

    def __str__(self) -> str:
        return self.name


class ProblemVerdict(models.TextChoices):
    """Why a row made no lead."""

    REJECTED = "rejected", _("Rejected")  # a value cannot be what its column says
    SKIPPED = "skipped", _("Skipped")  # nothing in it to import


class ImportProblem(WorkspaceModel):
    """A row of an import that made no lead, with the sentence that says why."""

    of = WorkspaceForeignKey(Import, models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()  # as counted in the file, its header line is 1
    verdict = models.CharField(max_length=8, choices=ProblemVerdict)
    reason = models.CharField(max_length=500)
    cells = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "of", "row"], name="problem_once"),
        ]

    def __str__(self) -> str:
        return self.reason
