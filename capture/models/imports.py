"""Imports: files of leads on their way into the database."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceModel


class ImportStatus(models.TextChoices):
    """Where an import stands."""

    READING = "reading", _("Being read")
    UNREADABLE = "unreadable", _("Cannot be read")
    DRAFT = "draft", _("Not started")
    CHECKING = "checking", _("Being tried")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


MOVING = (
    ImportStatus.READING,
    ImportStatus.CHECKING,
    ImportStatus.RUNNING,
    ImportStatus.UNDOING,
)
"""A worker has something to do; pages look again every second."""


class Match(models.TextChoices):
    """What makes a row and a lead the same person."""

    ANY = "", _("Whatever is known: external id, then email, then phone")
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone")
    EXTERNAL_ID = "external_id", _("External id")
    EMAIL_OR_PHONE = "email_or_phone", _("Email or phone")


class Known(models.TextChoices):
    """What happens to somebody we know already."""

    FILL = "fill", _("Fill in only what we do not know yet")
    OVERWRITE = "overwrite", _("Replace what we know with what the file says")
    SKIP = "skip", _("Leave them as they are, skip the row")


class DateOrder(models.TextChoices):
    """How days are written where a file leaves it in doubt."""

    UNSAID = "", _("Not said")
    DMY = "dmy", _("Day first: 3/4/2026 is 3 April")
    MDY = "mdy", _("Month first: 3/4/2026 is March 4")


class Origin(models.TextChoices):
    """Whose data a file holds."""

    OWN = "own", _("Our own")
    FAIR = "fair", _("Trade fair or event")
    PARTNER = "partner", _("From a partner")
    BOUGHT = "bought", _("Bought")
    RENTED = "rented", _("Rented")
    PUBLIC = "public", _("Public sources")


class Use(models.TextChoices):
    """What the people of a file may be approached by."""

    EMAIL = "email", _("Email")
    CALL = "call", _("Call")
    POST = "post", _("Post")
    ADS = "ads", _("Advertising audiences")


def every_use() -> list[str]:
    """Nothing is forbidden unless somebody says so."""
    return [str(use) for use in Use.values]


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
    columns = models.JSONField(default=list)  # [{"header", "samples", "kind", "known", …}]
    header_key = models.CharField(max_length=64, blank=True, db_default="", default="")
    unknown_words = models.JSONField(_("words for “unknown”"), default=list)
    mapping = models.JSONField(default=list)  # target of each column, "" = left out
    like = WorkspaceForeignKey(
        "capture.Import", models.SET_NULL, null=True, blank=True, related_name="+"
    )  # the earlier import whose mapping was taken over
    identity = models.CharField(
        _("identity"), max_length=20, choices=Match, blank=True, default=Match.ANY
    )
    known = models.CharField(_("known people"), max_length=10, choices=Known, default=Known.FILL)
    date_order = models.CharField(
        _("dates"), max_length=3, choices=DateOrder, blank=True, db_default="", default=""
    )
    is_quiet = models.BooleanField(_("fire nothing"), default=True)
    campaign = WorkspaceForeignKey(
        "leads.Campaign", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    origin = models.CharField(
        _("origin"), max_length=8, choices=Origin, db_default="own", default=Origin.OWN
    )
    licence = models.CharField(_("licence"), max_length=300, blank=True, db_default="", default="")
    expires_on = models.DateField(_("to be used until"), null=True, blank=True)
    uses = models.JSONField(_("permitted uses"), default=every_use, db_default=every_use())
    expired_at = models.DateTimeField(null=True, blank=True)

    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.DRAFT)
    problem = models.CharField(max_length=500, blank=True, db_default="", default="")
    cursor = models.BigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    handled = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    trial = models.JSONField(default=dict, db_default={})  # what a dry run found so far
    undone = models.JSONField(default=dict, db_default={})  # what an undo took back so far

    by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="import_newest"),
            models.Index(fields=["workspace", "header_key", "-started_at"], name="import_like"),
            models.Index(
                fields=["workspace", "expires_on"],
                condition=models.Q(expires_on__isnull=False, expired_at=None),
                name="import_expires",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_moving(self) -> bool:
        """Whether a worker has something to do."""
        return self.status in MOVING


class ProblemVerdict(models.TextChoices):
    """Why a row made no lead."""

    REJECTED = "rejected", _("Rejected")  # a value cannot be what its column says
    SKIPPED = "skipped", _("Skipped")  # nothing in it to import, or somebody known


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


class TraceKind(models.TextChoices):
    """What an import made or changed."""

    LEAD = "lead", _("Lead made")
    COMPANY = "company", _("Company made")
    COMPANY_CHANGED = "changed", _("Company changed")
    FIELD = "field", _("Custom field made")
    TAG = "tag", _("Tag put on a lead")
    CONSENT = "consent", _("Consent recorded")
    STAYED = "stayed", _("Not undone")  # a lead, or in `before` a field of it


class ImportTrace(WorkspaceModel):
    """One thing an import made, so that undoing it takes away exactly that.

    The leads of a chunk are one trace: named by the first, all of them in `after`.
    What it changed on known leads is in their ProfileChange rows; on known companies in `before`
    and `after`. A trace may outlive what it names.
    """

    of = WorkspaceForeignKey(Import, models.CASCADE, related_name="traces")
    kind = models.CharField(max_length=8, choices=TraceKind)
    object_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "of", "kind", "object_id"], name="trace_of"),
            models.Index(fields=["workspace", "object_id"], name="trace_object"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.object_id}"
