"""Users, workspaces and who may do what in them."""

import zoneinfo
from functools import cache
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.fencing import UUIDv7, WorkspaceForeignKey


class UserManager(BaseUserManager["User"]):
    """Makes users from an email address."""

    def create_user(self, email: str, password: str | None = None, **rest: Any) -> "User":
        """A person who logs in with `email`."""
        user = self.model(email=email.strip().lower(), **rest)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **rest: Any) -> "User":
        """An operator of the installation."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **rest)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in; the same person may be a member of several workspaces."""

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    email = models.EmailField(
        _("email address"),
        unique=True,
        error_messages={"unique": _("Somebody already uses this email address.")},
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def short_name(self) -> str:
        """What to call this person when all we may have is an address."""
        return self.name or self.email.partition("@")[0]

    def get_full_name(self) -> str:
        """What others see of this person."""
        return str(self)


@cache
def time_zones() -> frozenset[str]:
    """Every IANA time zone this machine knows; finding out reads hundreds of files."""
    return frozenset(zoneinfo.available_timezones())


def a_time_zone(value: str) -> None:
    """Refuse what is not an IANA time zone."""
    if value not in time_zones():
        sentence = _("“%(value)s” is not a time zone; choose one such as Europe/Athens.")
        raise ValidationError(sentence, params={"value": value})


class Workspace(models.Model):
    """One firm: everything its marketing and sales know is inside it and nowhere else."""

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="UTC", validators=[a_time_zone]
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    site_key = models.CharField(max_length=32, unique=True, editable=False)
    # Steps of set-up whose defaults fit as they were brought.
    agreed_to = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class WorkspaceQuerySet(models.QuerySet[Any]):
    """Rows of one workspace."""


class WorkspaceManager(models.Manager[Any]):
    """Only rows of the workspace we are in; asking outside any is a fault (NoWorkspace)."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """The rows of the current workspace."""
        return super().get_queryset().filter(workspace_id=current_workspace_id())


class WorkspaceModel(models.Model):
    """A row of one workspace, fenced by row security as well (see kernel.fencing.Fence)."""

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    workspace = models.ForeignKey(
        Workspace,
        on_delete=models.CASCADE,
        default=current_workspace_id,
        editable=False,
        related_name="+",
        db_index=False,
    )

    objects: models.Manager[Any] = WorkspaceManager()

    class Meta:
        abstract = True


class Role(models.TextChoices):
    """What a member is here for; `leadmgmt/access.py` says what each may open."""

    ADMIN = "admin", _("Admin")
    MARKETER = "marketer", _("Marketer")
    MANAGER = "manager", _("Sales manager")
    REP = "rep", _("Sales rep")
    ANALYST = "analyst", _("Analyst")


class MemberQuerySet(WorkspaceQuerySet):
    """Adjectives for members."""

    def present(self) -> Self:
        """Those who have not left."""
        return self.filter(left_at=None)


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


class Notice(WorkspaceModel):
    """Something one member should know: somebody named them, a task is due, one is late.

    `path` is the page it is about, below the workspace. `key` makes a notice that is given twice
    the same notice.
    """

    member = WorkspaceForeignKey(Member, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=300, blank=True, default="")
    key = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "member", "key"], name="notice_once"),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "member", "-created_at", "-id"], name="notice_newest"
            ),
            models.Index(
                fields=["workspace", "member"],
                condition=models.Q(seen_at=None),
                name="notice_unseen",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(mailed_at=None, seen_at=None),
                name="notice_unmailed",
            ),
        ]

    def __str__(self) -> str:
        return self.text


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


class Scope(models.TextChoices):
    """What an API key may do."""

    LEADS_READ = "leads:read", _("Read leads and all that happened to them")
    LEADS_WRITE = "leads:write", _("Create and change leads and campaigns")
    ACTIVITIES_WRITE = "activities:write", _("Append activities")
    IMPORTS_WRITE = "imports:write", _("Upload and start imports")
    SALES_WRITE = "sales:write", _("Claim, qualify and move leads; open and close deals")
    SEQUENCES_WRITE = "sequences:write", _("Enrol leads in sequences")
    REPORTS_READ = "reports:read", _("Read figures and costs")
    COSTS_WRITE = "costs:write", _("Enter and remove costs")
    SCORING_WRITE = "scoring:write", _("Publish score models, write and publish indicators")
    PRIVACY_WRITE = "privacy:write", _("Erase people for good, hand out all we know of one")


class ApiKeyQuerySet(WorkspaceQuerySet):
    """Adjectives for keys."""

    def usable(self, now: Any) -> Self:
        """Neither revoked nor expired."""
        return self.filter(revoked_at=None).exclude(expires_at__lte=now)


class ApiKey(WorkspaceModel):
    """An integration's key: shown once, kept as a hash, recognised by its prefix."""

    label = models.CharField(_("label"), max_length=80)
    prefix = models.CharField(max_length=12, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceManager.from_queryset(ApiKeyQuerySet)()

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"
