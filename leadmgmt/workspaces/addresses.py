"""Addresses of pages inside the current workspace, for views, templates and mails."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.models import Workspace

SLUG = "workspace_slug"

_slugs: dict[UUID, str] = {}  # a slug never changes


def workspace_reverse(view_name: str, **kwargs: Any) -> str:
    """The path of a page of the workspace we are in."""
    slug = _current_slug()
    return reverse(view_name, kwargs={SLUG: slug, **kwargs}) if kwargs else _plain(view_name, slug)


@lru_cache(maxsize=10_000)  # the menu of every page asks for thirty of them
def _plain(view_name: str, slug: str) -> str:
    return reverse(view_name, kwargs={SLUG: slug})


def absolute(path: str) -> str:
    """The whole address, from the configured base and never from a request's Host."""
    return f"{settings.BASE_URL}{path}"


def remember(workspace: Workspace) -> None:
    """Spare the next look-up of this workspace's slug (the door has just read it)."""
    _slugs[workspace.pk] = workspace.slug


def _current_slug() -> str:
    workspace_id = current_workspace_id()
    if workspace_id not in _slugs:
        remember(Workspace.objects.get(pk=workspace_id))
    return _slugs[workspace_id]
