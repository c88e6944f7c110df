"""The door: `/w/<workspace_slug>/…` opens to members with the right role.

A stranger gets the 404 of a typo; a member whose role does not suffice gets a 403 that says so.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from leadmgmt.kernel import context
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import SLUG, remember
from leadmgmt.workspaces.models import Member, Workspace


class WorkspaceRequest(HttpRequest):
    """A request past the door; views of a workspace take this type."""

    workspace: Workspace
    member: Member
    htmx: Any


class Door:
    """Middleware: finds workspace and member, and keeps the request inside the workspace."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Every request starts outside, and leaves nothing behind on its thread."""
        with context.inside(None), timezone.override(None):
            response = self.get_response(request)
            _stay_inside_while_streaming(response)
        return response

    def process_view(
        self, request: Any, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Open the door, or say why not."""
        slug = kwargs.pop(SLUG, None)
        if slug is None:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        enter(request, slug)
        _check_role(request)
        return None


def enter(request: Any, slug: str) -> None:
    """Step into the workspace called `slug`; Http404 for whoever is not a member."""
    workspace_id = _find(slug, request.user.pk)
    if workspace_id is None:
        raise Http404
    context.enter(workspace_id)
    members = Member.objects.with_unseen().select_related("workspace")
    request.member = members.get(user_id=request.user.pk, left_at=None)
    request.workspace = request.member.workspace
    remember(request.workspace)
    timezone.activate(request.workspace.time_zone)


def workspaces_of(user_id: UUID) -> list[tuple[str, str]]:
    """Slug and name of each workspace the user is a member of, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name FROM platform_workspaces_of(%s)", [user_id])
        return cursor.fetchall()


def _find(slug: str, user_id: UUID) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_door(%s, %s)", [slug, user_id])
        row = cursor.fetchone()
    return row[0] if row else None


def _check_role(request: Any) -> None:
    view_name = request.resolver_match.view_name
    if not may(request.member.role, view_name, request.method):
        raise PermissionDenied(
            _("This page is not open to the role “%(role)s”. An admin can change your role.")
            % {"role": request.member.get_role_display()}
        )


def _stay_inside_while_streaming(response: Any) -> None:
    if response.streaming and not response.is_async:
        chunks = iter(response.streaming_content)
        response.streaming_content = context.each_inside(context.workspace_id_or_none(), chunks)
