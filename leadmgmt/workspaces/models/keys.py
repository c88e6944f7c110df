"""What integrations log in with."""

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


class Scope(models.TextChoices):
    """What an API key may do."""

    LEADS_READ = "leads:read", _("Read leads and all that happened to them")
    LEADS_WRITE = "leads:write", _("Create and change leads and campaigns")
    ACTIVITIES_WRITE = "activities:write", _("Append activities")
    IMPORTS_WRITE = "imports:write", _("Upload and start imports")
    SALES_WRITE = "sales:write", _("Claim, qualify and move leads; open and close deals")
    ROUTING_WRITE = "routing:write", _("Change teams, absences and routing; hand leads to closers")
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
