"""Training content: the list of what can be given to customers."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.care import contents
from funnel.care.forms import ContentForm
from funnel.care.giving import given_out
from funnel.models import TrainingContent
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on

ASKED = ("title", "kind", "address", "minutes", "step")


@require_GET
def training(request: WorkspaceRequest) -> HttpResponse:
    """What is in use, and what is not given any more."""
    rows = list(TrainingContent.objects.select_related("step").order_by("title", "id"))
    context = {
        "in_use": [each for each in rows if each.retired_at is None],
        "retired": [each for each in rows if each.retired_at],
        "may_change": may(request.member.role, "funnel:training_content_add", "POST"),
    }
    return render(request, "funnel/training.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def training_content_add(request: WorkspaceRequest) -> HttpResponse:
    """One more thing to learn from."""
    form = ContentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = contents.add_content(**form.told())
            say(request, _("“%s” can be given to customers.") % made)
            return _back()
    return _page(request, form, _("Add training content"))


@require_http_methods(["GET", "HEAD", "POST"])
def training_content(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Change it, also for those who have it."""
    content = get_object_or_404(TrainingContent.objects.select_related("step"), pk=id)
    initial, title = {name: getattr(content, name) for name in ASKED}, content.title
    form = ContentForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told = form.told()
            contents.change_content(content, file=told.pop("file"), changes=told)
            say(request, _("“%s” saved.") % content)
            return _back()
    return _page(request, form, title, content=content)


@require_GET
def training_content_file(request: WorkspaceRequest, id: UUID) -> HttpResponseBase:
    """The file, to be kept and not to be shown."""
    return file_of(get_object_or_404(TrainingContent, pk=id))


@require_POST
def training_content_switch(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Retire it, or offer it again."""
    content = get_object_or_404(TrainingContent, pk=id)
    if content.retired_at:
        contents.restore_content(content)
        say(request, _("“%s” can be given again.") % content)
    else:
        contents.retire_content(content, now=timezone.now())
        undo = workspace_reverse("funnel:training_content_switch", id=id)
        say(request, _("“%s” is retired; who has it keeps it.") % content, undo_url=undo)
    return _back()


def file_of(content: TrainingContent) -> FileResponse:
    """Its bytes, or nowhere to be found."""
    answer = given_out(content)
    if answer is None:
        raise Http404
    return answer


def _page(request: WorkspaceRequest, form: ContentForm, title: str, **context: Any) -> HttpResponse:
    context |= {"form": form, "title": title}
    status = 422 if form.errors else 200
    return render(request, "funnel/training_content.html", context, status=status)


def _back() -> HttpResponse:
    return redirect(workspace_reverse("funnel:training"))
