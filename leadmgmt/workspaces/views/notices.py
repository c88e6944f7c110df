"""What one member should know, and the bell that counts it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.actions.mailing import want_mail
from leadmgmt.workspaces.actions.notices import see_notices
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Notice


@require_GET
def notice_list(request: WorkspaceRequest) -> HttpResponse:
    """The newest first, those not seen yet marked."""
    notices = Notice.objects.filter(member=request.member)
    page = page_of(notices, ("-created_at", "-id"), request.GET, is_counted=False)
    return render(request, "workspaces/notice_list.html", {"page": page})


@require_POST
def notice_open(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Go where a notice leads; it is seen then."""
    notice = get_object_or_404(Notice.objects.filter(member=request.member), pk=id)
    see_notices(request.member, [notice.pk], now=timezone.now())
    return (
        redirect(f"{workspace_reverse('workspace_home')}{notice.path}") if notice.path else _back()
    )


@require_POST
def notices_seen(request: WorkspaceRequest) -> HttpResponse:
    """All of them are seen."""
    see_notices(request.member, now=timezone.now())
    return _back()


@require_POST
def notices_mail(request: WorkspaceRequest) -> HttpResponse:
    """Begin or stop to mail what one has not seen."""
    is_wanted = request.POST.get("wanted") == "yes"
    want_mail(request.member, is_wanted=is_wanted)
    said = _("Unseen notices will be mailed to %s.") % request.member.user.email
    say(request, said if is_wanted else _("Notices are not mailed any more."))
    return _back()


def _back() -> HttpResponse:
    return redirect(workspace_reverse("workspaces:notice_list"))
