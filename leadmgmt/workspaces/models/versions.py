"""What is written, then holds unchanged, and one day makes room for the next."""

from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models.workspaces import (
    WorkspaceManager,
    WorkspaceModel,
    WorkspaceQuerySet,
)


class VersionState(models.TextChoices):
    """A draft can be changed; what is published holds; what is retired is kept."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class VersionQuerySet(WorkspaceQuerySet):
    """Adjectives for versions."""

    def draft(self) -> Self:
        """Those being written."""
        return self.filter(state=VersionState.DRAFT)

    def published(self) -> Self:
        """Those that hold now."""
        return self.filter(state=VersionState.PUBLISHED)

    def numbered(self) -> Self:
        """All that were ever published, newest first; a draft has no number yet."""
        return self.exclude(number=None).order_by("-number")


class SoleVersion(WorkspaceModel):
    """One version of something a workspace has one of; immutable once published.

    One is written and one holds at a time: `one_at_a_time` makes the database see to it.
    """

    number = models.PositiveIntegerField(null=True, editable=False)
    state = models.CharField(max_length=9, choices=VersionState, default=VersionState.DRAFT)
    reason = models.CharField(_("why it changes"), max_length=300, blank=True, default="")
    made_by = WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    published_by = WorkspaceForeignKey(
        "workspaces.Member", models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = WorkspaceManager.from_queryset(VersionQuerySet)()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        if self.number is None:
            return str(_("Draft"))
        return str(_("Version %(number)d") % {"number": self.number})


def one_at_a_time(number: str, state: str) -> list[models.BaseConstraint]:
    """No number twice, one draft and one that holds; the names of the two constraints."""
    return [
        models.UniqueConstraint(fields=["workspace", "number"], name=number),
        models.UniqueConstraint(
            fields=["workspace", "state"],
            condition=models.Q(state__in=[VersionState.DRAFT, VersionState.PUBLISHED]),
            name=state,
        ),
    ]
