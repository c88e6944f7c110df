"""Who is in a workspace, as what, and who has been asked in."""

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.models.users import User
from leadmgmt.workspaces.models.workspaces import (
    WorkspaceManager,
    WorkspaceModel,
    WorkspaceQuerySet,
)


class Role(models.TextChoices):
    """What a member is here for; `leadmgmt/access/` says what each may open."""

    ADMIN = "admin", _("Admin")
    MARKETER = "marketer", _("Marketer")
    MANAGER = "manager", _("Sales manager")
    REP = "rep", _("Sales rep")
    ANALYST = "analyst", _("Analyst")
    CLOSER = "closer", _("Closer (external)")


class MemberQuerySet(WorkspaceQuerySet):
    """Adjectives for members."""

    def present(self) -> Self:
        """Those who have not left."""
        return self.filter(left_at=None)

    def colleagues(self) -> Self:
        """Present, and of the firm: work may be given to them."""
        return self.present().exclude(role=Role.CLOSER)


class Member(WorkspaceModel):
    """A user in a workspace, with one role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    name = models.CharField(_("name"), max_length=150)
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True, blank=True)
    wants_mail = models.BooleanField(_("wants notices by email"), default=False, db_default=False)
    unseen = 0  # how many notices wait; the door says it

    objects = WorkspaceManager.from_queryset(MemberQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="member_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_colleague(self) -> bool:
        """See `MemberQuerySet.colleagues`."""
        return self.left_at is None and self.role != Role.CLOSER


class InvitationQuerySet(WorkspaceQuerySet):
    """Adjectives for invitations."""

    def unanswered(self) -> Self:
        """Neither accepted nor withdrawn, perhaps expired."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self, now: Any) -> Self:
        """Still to be accepted."""
        return self.unanswered().filter(expires_at__gt=now)


class Invitation(WorkspaceModel):
    """A letter to somebody who may become a member; only a hash of its secret is kept."""

    email = models.EmailField(_("email address"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager.from_queryset(InvitationQuerySet)()

    def __str__(self) -> str:
        return self.email
