"""People who log in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.fencing import UUIDv7


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
