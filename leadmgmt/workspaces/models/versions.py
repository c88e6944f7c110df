"""What is written, then holds unchanged, and one day makes room for the next."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.models.workspaces import WorkspaceQuerySet


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
