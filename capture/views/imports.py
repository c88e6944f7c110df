"""Pages of imports: upload, mapping, progress, result."""

import csv
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capture.actions.importing import cancel_import, resume_import, settle_import, start_import
from capture.actions.uploading import remove_import, upload_import
from capture.forms import MappingForm, UploadForm
from capture.importing.store import is_kept
from capture.models import Import, ImportStatus
from capture.queries import dry_run, preview, problems_of
from capture.questions import custom_fields
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on

SAMPLE_ROWS = 8
SHOWN_PROBLEMS = 20
STALLED = timedelta(minutes=2)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


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
            return redirect(workspace_reverse("capture:import_mapping", id=made.pk))
    status = 422 if form.errors else 200
    return render(request, "capture/import_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def import_mapping(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Where each column goes; posting it counts what would happen, or starts."""
    found = _found(id)
    if found.status != ImportStatus.DRAFT:
        return redirect(workspace_reverse("capture:import", id=id))
    if not is_kept(id):
        return render(request, "capture/import_lost.html", {"found": found}, status=409)
    form = MappingForm(found, custom_fields(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return _settle(request, form, id)
    if request.method == "GET" and request.GET.get("counts"):
        return render(request, "capture/import_mapping.html#counts", _counts(found))
    context = {"found": found, "form": form, "rows": preview(found, SAMPLE_ROWS)}
    context |= _counts(found) if request.GET.get("checked") and not form.errors else {}
    status = 422 if form.errors else 200
    return render(request, "capture/import_mapping.html", context, status=status)


@require_safe
def import_detail(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """How far it has come, and what became of the rows."""
    found = _found(id)
    if found.status == ImportStatus.DRAFT:
        return redirect(workspace_reverse("capture:import_mapping", id=id))
    context = {
        "found": found,
        "problems": problems_of(found)[:SHOWN_PROBLEMS],
        "is_running": found.status == ImportStatus.RUNNING,
        "is_stalled": _is_stalled(found),
        "is_lost": found.status == ImportStatus.CANCELLED and not is_kept(id),
        "may_change": may(request.member.role, "capture:import_cancel", "POST"),
    }
    part = "#progress" if request.htmx else ""
    return render(request, f"capture/import.html{part}", context)


@require_POST
def import_cancel(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Stop; what is imported stays."""
    cancel_import(_found(id).pk, now=timezone.now())
    say(request, _("Import cancelled; what it had imported stays."))
    return redirect(workspace_reverse("capture:import", id=id))


@require_POST
def import_resume(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Go on after a cancel."""
    resume_import(_found(id).pk, now=timezone.now())
    return redirect(workspace_reverse("capture:import", id=id))


@require_POST
def import_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Forget a file that was never started."""
    remove_import(_found(id).pk)
    say(request, _("File removed; nothing of it was imported."))
    return redirect(workspace_reverse("capture:import_list"))


@require_safe
def import_problems(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The rows that were left out, with the reason, as a CSV to correct and import again."""
    found = _found(id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    stem = slugify(found.name.rpartition(".")[0]) or "import"
    response["Content-Disposition"] = f'attachment; filename="{stem}-left-out.csv"'
    response.write("\ufeff")  # without it spreadsheets do not see that this is UTF-8
    writer = csv.writer(response)
    headers = [column["header"] for column in found.columns]
    writer.writerow([_("Row"), _("What"), _("Why"), *map(harmless, headers)])
    for each in problems_of(found):
        said = (each.row, each.get_verdict_display(), harmless(each.reason))
        writer.writerow([*said, *map(harmless, each.cells)])
    return response


def harmless(cell: str) -> str:
    """A cell that no spreadsheet will take for a formula; numbers stay numbers."""
    if not cell.lstrip().startswith(FORMULA_STARTS) or cell.lstrip("+-").replace(".", "").isdigit():
        return cell
    return f"'{cell}"


def _settle(request: WorkspaceRequest, form: MappingForm, id: UUID) -> HttpResponse:
    settle_import(id, form.settings())
    if request.POST.get("do") == "start":
        start_import(id, by=request.member, now=timezone.now())
        return redirect(workspace_reverse("capture:import", id=id))
    return redirect(workspace_reverse("capture:import_mapping", id=id) + "?checked=1#counts")


def _counts(found: Import) -> dict[str, Any]:
    return {"found": found, "counts": dry_run(found)}


def _found(id: UUID) -> Import:
    rows = Import.objects.select_related("by", "campaign")
    found: Import = get_object_or_404(rows, pk=id)
    return found


def _is_stalled(found: Import) -> bool:
    moved_at = found.moved_at or found.created_at
    return found.status == ImportStatus.RUNNING and moved_at < timezone.now() - STALLED
