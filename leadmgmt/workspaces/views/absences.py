"""Who is away when, and who works at hours of their own."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.actions.working_times import end_absence, note_absence, set_working_time
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.availability import workspace_zone
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Absence, Member, Team, WorkingTime
from leadmgmt.workspaces.office import office_hours
from leadmgmt.workspaces.refusing import refusals_on
from leadmgmt.workspaces.team_forms import AbsenceForm, HoursForm, hours_initial, present_members


@require_http_methods(["GET", "HEAD", "POST"])
def absence_list(request: WorkspaceRequest) -> HttpResponse:
    """Who is away now or soon, and whose hours differ from the office's."""
    form = AbsenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            absence = note_absence(**form.cleaned_data, by=request.member)
            undo = workspace_reverse("workspaces:absence_end", id=absence.pk)
            sentence = _("%(name)s gets no leads while away.") % {"name": absence.member}
            say(request, sentence, undo_url=undo)
            return _back()
    today = timezone.localdate()
    context = {
        "form": form,
        "today": today,
        "absences": Absence.objects.unfinished(today)
        .filter(member__left_at=None)
        .select_related("member")
        .order_by("from_on", "id"),
        "office": office_hours(),
        "teams": Team.objects.active().prefetch_related("working_times").order_by("name_key"),
        "members": present_members().prefetch_related("working_times"),
        "may_change": may(request.member.role, "workspaces:absence_list", "POST"),
    }
    status = 422 if form.errors else 200
    return render(request, "workspaces/absence_list.html", context, status=status)


@require_POST
def absence_end(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Back sooner, or not away at all."""
    absence = get_object_or_404(Absence.objects.select_related("member"), pk=id)
    end_absence(absence, now=timezone.now(), zone=workspace_zone())
    say(request, _("%(name)s is not away any more.") % {"name": absence.member})
    return _back()


@require_http_methods(["GET", "HEAD", "POST"])
def member_hours(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """When one member works."""
    return _hours(request, get_object_or_404(Member.objects.present(), pk=id))


@require_http_methods(["GET", "HEAD", "POST"])
def team_hours(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """When a team works."""
    return _hours(request, get_object_or_404(Team, pk=id))


def _hours(request: WorkspaceRequest, whose: Member | Team) -> HttpResponse:
    own: WorkingTime | None = whose.working_times.first()
    if request.method == "POST" and "as_office" in request.POST:
        set_working_time(whose, None)
        say(request, _("%(name)s works when the office is open.") % {"name": whose})
        return _back()
    initial = hours_initial(own, office_hours())
    form = HoursForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            set_working_time(whose, form.hours())
            say(request, _("Working hours of %(name)s saved.") % {"name": whose})
            return _back()
    context = {"form": form, "whose": whose, "own": own}
    status = 422 if form.errors else 200
    return render(request, "workspaces/hours.html", context, status=status)


def _back() -> HttpResponse:
    return redirect(workspace_reverse("workspaces:absence_list"))
