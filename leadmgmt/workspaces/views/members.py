"""Members and invitations."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.actions import invitations, keys, members
from leadmgmt.workspaces.actions.invitations import Letter
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.forms import InvitationForm
from leadmgmt.workspaces.letters import address_of, send_letter
from leadmgmt.workspaces.models import Invitation, Member, Role
from leadmgmt.workspaces.refusing import refusals_on


@require_GET
def member_list(request: WorkspaceRequest) -> HttpResponse:
    """Who is in, and who has been invited."""
    return _page(request, InvitationForm())


@require_POST
def invite(request: WorkspaceRequest) -> HttpResponse:
    """Invite somebody by email."""
    form = InvitationForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            letter = invitations.invite_member(
                **form.cleaned_data, by=request.member, now=timezone.now()
            )
            return _sent(request, letter)
    return _page(request, form, status=422)


@require_POST
def renew(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Send the letter again, with a new secret."""
    invitation = get_object_or_404(Invitation, pk=id)
    return _sent(request, invitations.renew_invitation(invitation, now=timezone.now()))


@require_POST
def withdraw(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Make the letter void."""
    invitation = get_object_or_404(Invitation, pk=id)
    invitations.withdraw_invitation(invitation, now=timezone.now())
    messages.success(request, _("The invitation of %(who)s is withdrawn.") % {"who": invitation})
    return _back()


@require_POST
def change_role(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Give a member another role."""
    member = get_object_or_404(Member.objects.present(), pk=id)
    members.change_role(member, request.POST.get("role", ""), by=request.member)
    names = {"name": member.name, "role": member.get_role_display()}
    messages.success(request, _("%(name)s is now: %(role)s.") % names)
    return _back() if member.pk != request.member.pk else redirect("home")


@require_POST
def remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """End a membership."""
    member = get_object_or_404(Member.objects.present(), pk=id)
    members.remove_member(member, by=request.member, now=timezone.now())
    sentence = _("%(name)s is no longer a member.") % {"name": member.name}
    if member.pk == request.member.pk:  # out of the door: nothing here can be undone by them
        messages.success(request, sentence)
        return redirect("home")
    say(request, sentence, workspace_reverse("workspaces:readmit_member", id=member.pk))
    if keys.keys_of(member, now=timezone.now()).exists():
        return redirect(workspace_reverse("workspaces:member_keys", id=member.pk))
    return _back()


@require_POST
def readmit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Undo a removal."""
    member = get_object_or_404(Member.objects.exclude(left_at=None), pk=id)
    members.readmit_member(member, by=request.member)
    messages.success(request, _("%(name)s is a member again.") % {"name": member.name})
    return _back()


@require_http_methods(["GET", "HEAD", "POST"])
def member_keys(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The keys somebody made: they belong to the workspace and outlive the membership."""
    member, now = get_object_or_404(Member, pk=id), timezone.now()
    if request.method == "POST":
        count = keys.revoke_keys_of(member, now=now)
        messages.success(request, _told_of(count, member))
        return _back()
    found = keys.keys_of(member, now=now).order_by("-created_at")
    return render(request, "workspaces/member_keys.html", {"member": member, "keys": found})


def _told_of(count: int, member: Member) -> str:
    sentence = ngettext(
        "%(count)d key that %(name)s made opens nothing any more.",
        "%(count)d keys that %(name)s made open nothing any more.",
        count,
    )
    return sentence % {"count": count, "name": member.name}


def _page(request: WorkspaceRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    here: dict[str, Any] = {
        "form": form,
        "members": Member.objects.present().select_related("user").order_by("name", "id"),
        "former": Member.objects.exclude(left_at=None).select_related("user").order_by("-left_at"),
        "invitations": Invitation.objects.unanswered().order_by("-created_at"),
        "roles": Role.choices,
        "now": timezone.now(),
    }
    return render(request, "workspaces/member_list.html", here, status=status)


def _sent(request: WorkspaceRequest, letter: Letter) -> HttpResponse:
    who = {"email": letter.invitation.email}
    if send_letter(letter, by=request.member):
        messages.success(request, _("An invitation is on its way to %(email)s.") % who)
    else:
        sentence = _("The mail to %(email)s could not be sent; pass this link on yourself: %(url)s")
        messages.warning(request, sentence % (who | {"url": address_of(letter)}))
    return _back()


def _back() -> HttpResponse:
    return redirect(workspace_reverse("workspaces:member_list"))
