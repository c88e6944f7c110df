"""Pages of imports: upload, mapping, dry run, progress, result."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from capture.actions.importing import cancel_import, resume_import, settle_import, start_import
from capture.actions.trying import start_trial, try_first_rows
from capture.actions.undoing import KEPT_DAYS, may_be_undone, undo_import
from capture.actions.uploading import remove_import, reread_import, upload_import
from capture.forms.imports import MappingForm, RereadForm, UploadForm
from capture.importing.leftout import left_out
from capture.importing.store import is_kept, progress_of
from capture.importing.targets import label_of, live_fields, purposes
from capture.importing.trial import Trial
from capture.models import Import, ImportStatus, Use
from capture.queries import each_problem, preview, problems_of, stayed_of
from leadmgmt.kernel.trouble import trouble_with
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on

SAMPLE_ROWS = 8
SHOWN_PROBLEMS = 20
STALLED = timedelta(minutes=2)
A_MOMENT = timedelta(seconds=3)


@require_safe
def import_list(request: WorkspaceRequest) -> HttpResponse:
    """All imports, the newest first."""
    page = page_of(
        Import.objects.select_related("by"), ("-created_at", "-id"), request.GET, size=50
    )
    context = {"page": page, "may_import": may(request.member.role, "capture:import_new", "POST")}
    return render(request, "capture/import_list.html", context)


@require_http_methods(["GET", "POST"])
def import_new(request: WorkspaceRequest) -> HttpResponse:
    """Upload a file."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on(form):
            made = upload_import(file.name, file.chunks(), by=request.member, now=timezone.now())
            return redirect(_page_of(made))
    status = 422 if form.errors else 200
    return render(request, "capture/import_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def import_mapping(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Where each column goes; posting it tries what would happen, or starts."""
    found = _found(id)
    if found.status != ImportStatus.DRAFT:
        return redirect(workspace_reverse("capture:import", id=id))
    if not is_kept(id):
        return render(request, "capture/import_lost.html", {"found": found}, status=409)
    form = MappingForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return _settle(request, form, id)
    if request.method == "GET" and request.GET.get("counts"):
        return render(request, "capture/import_mapping.html#counts", _counts(found))
    context = {"found": found, "form": form, "rows": preview(found, SAMPLE_ROWS)}
    context["reread"] = RereadForm(initial=_manner(found)) if found.format == "csv" else None
    is_tried = request.GET.get("checked") or found.trial
    context |= _counts(found) if is_tried and not form.errors else {}
    status = 422 if form.errors else 200
    return render(request, "capture/import_mapping.html", context, status=status)


@require_safe
def import_detail(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """How far it has come, and what became of the rows."""
    found = _found(id)
    if found.status == ImportStatus.DRAFT:
        address = _page_of(found)
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    context = {
        "found": found,
        "problems": problems_of(found)[:SHOWN_PROBLEMS],
        "is_stalled": _rests_for(found, STALLED),
        "trouble": trouble_with(id) if _rests_for(found, A_MOMENT) else None,
        "is_lost": found.status == ImportStatus.CANCELLED and not is_kept(id),
        "may_change": may(request.member.role, "capture:import_cancel", "POST"),
        "read": progress_of(id) if found.status == ImportStatus.READING else 0,
        "uses": _uses(found),
        "may_undo": may_be_undone(found, timezone.now()),
        "undo_until": found.started_at and found.started_at + timedelta(days=KEPT_DAYS),
        "stayed": stayed_of(found)[:SHOWN_PROBLEMS] if found.undone else [],
    }
    part = "#progress" if request.htmx else ""
    return render(request, f"capture/import.html{part}", context)


@require_POST
def import_reread(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Read the file once more, in the encoding and with the delimiter a person chose."""
    form = RereadForm(request.POST)
    if form.is_valid():
        found = reread_import(_found(id).pk, **form.cleaned_data, now=timezone.now())
        say(request, _("Read again; look at the first rows below."))
        return redirect(_page_of(found))
    say(request, _("Choose an encoding and a delimiter from the lists."))
    return redirect(workspace_reverse("capture:import", id=id))


@require_POST
def import_cancel(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Stop; what is imported stays."""
    found = cancel_import(_found(id).pk, now=timezone.now())
    if found.status == ImportStatus.CANCELLED:
        say(request, _("Import cancelled; what it had imported stays."))
    return redirect(_page_of(found))


@require_POST
def import_resume(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Go on after a cancel."""
    resume_import(_found(id).pk, now=timezone.now())
    return redirect(workspace_reverse("capture:import", id=id))


@require_POST
def import_undo(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take back what it made and changed."""
    undo_import(_found(id).pk, by=request.member, now=timezone.now())
    return redirect(workspace_reverse("capture:import", id=id))


@require_POST
def import_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Forget a file that was never started."""
    remove_import(_found(id).pk)
    say(request, _("File removed; nothing of it was imported."))
    return redirect(workspace_reverse("capture:import_list"))


@require_safe
def import_problems(request: WorkspaceRequest, id: UUID) -> StreamingHttpResponse:
    """The rows that were left out, with the reason, as a CSV to correct and import again."""
    found = _found(id)
    pieces = left_out(found, each_problem(found))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    stem = slugify(found.name.rpartition(".")[0]) or "import"
    response["Content-Disposition"] = f'attachment; filename="{stem}-left-out.csv"'
    return response


def _settle(request: WorkspaceRequest, form: MappingForm, id: UUID) -> HttpResponse:
    settle_import(id, form.settings())
    asked = request.POST.get("do")
    if asked == "start":
        start_import(id, by=request.member, now=timezone.now())
    elif asked == "try":
        start_trial(id, now=timezone.now())
    else:
        return redirect(workspace_reverse("capture:import_mapping", id=id) + "?checked=1#counts")
    return redirect(workspace_reverse("capture:import", id=id))


def _counts(found: Import) -> dict[str, Any]:
    """What a worker has found in all rows, or what the first ones say."""
    trial = Trial(**found.trial) if found.trial else try_first_rows(found)
    custom, asked = live_fields(), purposes()
    for example in trial.examples.get("updated", []):
        for change in example["changes"]:
            change["label"] = label_of(change["field"], custom, asked)
    return {"found": found, "counts": trial}


def _manner(found: Import) -> dict[str, str]:
    return {"encoding": found.encoding, "delimiter": found.delimiter}


def _uses(found: Import) -> list[str]:
    return [str(use.label) for use in Use if use in found.uses]


def _page_of(found: Import) -> str:
    page = "import_mapping" if found.status == ImportStatus.DRAFT else "import"
    return workspace_reverse(f"capture:{page}", id=found.pk)


def _found(id: UUID) -> Import:
    rows = Import.objects.select_related("by", "campaign", "like")
    found: Import = get_object_or_404(rows, pk=id)
    return found


def _rests_for(found: Import, time: timedelta) -> bool:
    """Should move, and has not for so long."""
    moved_at = found.moved_at or found.created_at
    return found.is_moving and moved_at < timezone.now() - time
