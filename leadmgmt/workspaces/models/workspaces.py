"""Workspaces, and what every row of one has."""

import zoneinfo
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.fencing import UUIDv7


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
