"""Training: what customers may read, watch and attend, and who was given what."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from funnel.models.onboarding import OnboardingStep
from funnel.models.pipelines import UsableQuerySet
from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import WorkspaceManager, WorkspaceModel
from leads.models import Lead


class ContentKind(models.TextChoices):
    """What training content is."""

    VIDEO = "video", _("Video")
    ARTICLE = "article", _("Article")
    COURSE = "course", _("Course")
    WEBINAR = "webinar", _("Webinar")
    DOCUMENT = "document", _("Document")


class TrainingContent(WorkspaceModel):
    """Something that helps customers to use what they bought: at an `address`, or a file of ours.

    `minutes`: how long it takes. `step`: the onboarding step it is for. What is retired is given
    to nobody else; who has it keeps it.
    """

    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=8, choices=ContentKind, default=ContentKind.ARTICLE
    )
    address = models.CharField(_("address"), max_length=2_000, blank=True, default="")
    file_name = models.CharField(max_length=200, blank=True, default="", editable=False)
    file_path = models.CharField(max_length=300, blank=True, default="", editable=False)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    step = WorkspaceForeignKey(
        OnboardingStep, models.SET_NULL, null=True, blank=True, related_name="contents"
    )
    created_at = models.DateTimeField(db_default=Now())
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager.from_queryset(UsableQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "title"],
                name="training_content_once",
                violation_error_message=_("Other training content already has this title."),
            ),
            models.CheckConstraint(
                condition=~models.Q(address="", file_path=""), name="training_content_is_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Training(WorkspaceModel):
    """Content given to a person of a customer, by hand: when, by whom, what they did with it.

    `seen_at`: they opened it through the link they got (or somebody noted that they did).
    `done_by` is empty when they said so themselves.
    """

    content = WorkspaceForeignKey(TrainingContent, models.PROTECT, related_name="given")
    lead = WorkspaceForeignKey(Lead, models.CASCADE, related_name="trainings")
    given_at = models.DateTimeField()
    given_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "lead", "content"], name="training_given_once"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-given_at", "-id"], name="training_newest"),
        ]

    def __str__(self) -> str:
        return str(self.content)
