"""Versions both teams agree to: written, approved by marketing and by sales, then binding."""

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import WorkspaceForeignKey
from leadmgmt.workspaces.models import (
    Role,
    VersionQuerySet,
    VersionState,
    WorkspaceManager,
    WorkspaceModel,
)


class Side(models.TextChoices):
    """The two teams that agree."""

    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")


APPROVERS = {
    Side.MARKETING: (Role.ADMIN, Role.MARKETER),
    Side.SALES: (Role.ADMIN, Role.MANAGER),
}
"""Who may approve for which side; nobody for both while somebody else could."""


class AgreedQuerySet(VersionQuerySet):
    """Adjectives for versions of both teams."""

    def with_people(self) -> Self:
        """Together with everybody whose name stands on them."""
        return self.select_related("proposed_by", "marketing_by", "sales_by", "published_by")


def _member() -> Any:
    return WorkspaceForeignKey("workspaces.Member", models.SET_NULL, null=True, related_name="+")


class AgreedVersion(WorkspaceModel):
    """One version of something both teams agree to; immutable once published.

    Whoever rewrites a draft takes its approvals off it and begins its next `revision`, so that
    nobody approves what they have not read. Versions from before both sides approved
    have no approvals, only who published them.
    """

    version = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    state = models.CharField(
        max_length=9, choices=VersionState, default=VersionState.DRAFT, editable=False
    )
    reason = models.CharField(_("why it changes"), max_length=300, blank=True, default="")
    proposed_by = _member()
    created_at = models.DateTimeField(db_default=Now())
    marketing_by = _member()
    marketing_at = models.DateTimeField(null=True)
    sales_by = _member()
    sales_at = models.DateTimeField(null=True)
    published_by = _member()
    published_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = WorkspaceManager.from_queryset(AgreedQuerySet)()

    class Meta:
        abstract = True

    def siblings(self) -> Any:
        """All versions of the same thing."""
        return type(self)._default_manager.all()

    @property
    def is_draft(self) -> bool:
        """It may still be rewritten."""
        return self.state == VersionState.DRAFT

    @property
    def waits_for(self) -> list[Side]:
        """The sides that have not approved yet."""
        return [side for side in Side if getattr(self, f"{side}_at") is None]

    @property
    def is_approved_by_one(self) -> bool:
        """One person stood for both sides, being the only one who could."""
        return self.marketing_by_id is not None and self.marketing_by_id == self.sales_by_id
