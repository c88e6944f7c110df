"""The door: `/w/<workspace_slug>/…` opens to members with the right role.

A stranger gets the 404 of a typo; a member whose role does not suffice gets a 403 that says so.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from leadmgmt.kernel import context
from leadmgmt.kernel.rows import columns_of, instance_of
from leadmgmt.ui.views import not_allowed
from leadmgmt.workspaces.access import is_taken, may
from leadmgmt.workspaces.addresses import SLUG, remember
from leadmgmt.workspaces.models import Member, Role, Workspace

ABOVE_ALL = "/w/<slug>/".count("/")


class WorkspaceRequest(HttpRequest):
    """A request past the door; views of a workspace take this type."""

    workspace: Workspace
    member: Member
    workspaces: list[list[str]]  # slug and name of each one the user is a member of, by name
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
        _hide_from_closers(request)
        if not is_taken(request.resolver_match.view_name, request.method):
            return not_allowed(request, page_above(request))
        _check_role(request)
        return None


def enter(request: Any, slug: str) -> None:
    """Step into the workspace called `slug`; Http404 for whoever is not a member."""
    with connection.cursor() as cursor:
        cursor.execute(_entering(), [request.user.pk, slug, request.user.pk])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    request.workspaces, *told = row
    request.member, request.workspace = _told(told)
    context.enter(request.workspace.pk)
    remember(request.workspace)
    timezone.activate(request.workspace.time_zone)


@cache
def _entering() -> str:
    """One look: the user's workspaces, how many notices wait, the member, this workspace."""
    member, workspace = columns_of(Member, "(member)"), columns_of(Workspace, "(workspace)")
    every = "ARRAY(SELECT ARRAY[slug, name] FROM platform_workspaces_of(%s))"
    return f"SELECT {every}, unseen, {member}, {workspace} FROM platform_enter(%s, %s)"  # noqa: S608


def _told(row: Sequence[Any]) -> tuple[Member, Workspace]:
    unseen, *values = row
    width = len(Member._meta.concrete_fields)
    member = instance_of(Member, values[:width])
    member.unseen = unseen
    member.workspace = instance_of(Workspace, values[width:])
    return member, member.workspace


def workspaces_of(user_id: UUID) -> list[tuple[str, str]]:
    """Slug and name of each workspace the user is a member of, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name FROM platform_workspaces_of(%s)", [user_id])
        return cursor.fetchall()


def page_above(request: Any) -> str:
    """The nearest address above this one that the member may look at: there the button is."""
    address = request.path
    while address.count("/") > ABOVE_ALL:
        address = address[: address.rstrip("/").rindex("/") + 1]
        if _may_look(request.member.role, address):
            break
    return str(address)


def _may_look(role: str, address: str) -> bool:
    try:
        return may(role, resolve(address).view_name)
    except Resolver404:
        return False


def _hide_from_closers(request: Any) -> None:
    """They come from outside the firm: what is not for them is not there."""
    if request.member.role != Role.CLOSER:
        return
    if not may(request.member.role, request.resolver_match.view_name, request.method):
        raise Http404


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
