"""Pages before any workspace: choosing one, making one, accepting an invitation."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.actions import invitations
from leadmgmt.workspaces.actions.workspaces import create_workspace
from leadmgmt.workspaces.door import workspaces_of
from leadmgmt.workspaces.forms import JoinAsNewForm, JoinForm, NewWorkspaceForm
from leadmgmt.workspaces.hashing import hashed
from leadmgmt.workspaces.models import Invitation, User
from leadmgmt.workspaces.refusing import refusals_on


@login_required
def choose_workspace(request: HttpRequest) -> HttpResponse:
    """The workspaces one is a member of."""
    return render(request, "workspaces/choose.html", {"choices": workspaces_of(_user(request).pk)})


@login_required
def new_workspace(request: HttpRequest) -> HttpResponse:
    """Make a workspace and become its admin."""
    user = _user(request)
    known = {"member_name": user.name, "time_zone": "UTC", "currency": "EUR"}
    form = NewWorkspaceForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            workspace = create_workspace(**form.cleaned_data, by=user)
            return redirect("workspace_home", workspace_slug=workspace.slug)
    return render(request, "workspaces/new.html", {"form": form}, status=_status(form))


@never_cache
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """The page a letter leads to; looking at it changes nothing."""
    with inside(_workspace_of(secret)):
        invitation = Invitation.objects.select_related("workspace", "invited_by").get(
            secret_hash=hashed(secret)
        )
        try:
            invitations.check_acceptable(invitation, now=timezone.now())
        except Refusal as refusal:
            here = {"refusal": refusal, "invitation": invitation}
            return render(request, "workspaces/void_invitation.html", here, status=410)
        return _welcome(request, invitation)


def _welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        return _join(request, invitation)
    if User.objects.filter(email=invitation.email).exists():
        here = {"invitation": invitation, "next": request.path}
        return render(request, "workspaces/invitation.html", here)
    return _join_as_new(request, invitation)


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    user = _user(request)
    form = JoinForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            invitations.accept_invitation(
                invitation, user=user, name=form.cleaned_data["name"], now=timezone.now()
            )
            return redirect("workspace_home", workspace_slug=invitation.workspace.slug)
    return _form_page(request, invitation, form)


def _join_as_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = JoinAsNewForm(request.POST or None, email=invitation.email)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            user, _member = invitations.join_as_new(
                invitation, **form.cleaned_data, now=timezone.now()
            )
            login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("workspace_home", workspace_slug=invitation.workspace.slug)
    return _form_page(request, invitation, form)


def _form_page(request: HttpRequest, invitation: Invitation, form: Any) -> HttpResponse:
    here = {"invitation": invitation, "form": form}
    return render(request, "workspaces/invitation.html", here, status=_status(form))


def _workspace_of(secret: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT platform_invitation(%s)", [hashed(secret)])
        (workspace_id,) = cursor.fetchone()
    if workspace_id is None:
        raise Http404
    return workspace_id


def _status(form: Any) -> int:
    return 422 if form.errors else 200


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)  # logged in: the caller has seen to it
