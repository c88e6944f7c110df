"""One verb for many leads or companies: asked, started, watched, stopped, undone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leadmgmt.kernel.trouble import trouble_with
from leadmgmt.ui import formatting
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Role
from leadmgmt.workspaces.refusing import refusals_on
from leads.actions.bulk import KEPT, cancel_bulk, may_be_undone, start_bulk, undo_bulk
from leads.bulk import BulkForm, Verb, verb_called
from leads.bulk.exporting import file_of, is_kept
from leads.bulk.selecting import count_meant, meant_by, selection_from_list
from leads.models import BulkAction, Subject

STALLED = timedelta(minutes=2)
A_MOMENT = timedelta(seconds=3)
KEPT_WORDS = ("subject", "verb", "list", "all", "ids")


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_new(request: WorkspaceRequest) -> HttpResponse:
    """Ask what the verb has to know, for the rows ticked on a list or for all of it."""
    said = request.POST if request.method == "POST" else request.GET
    verb = _verb(request, said.get("verb", ""), said.get("subject", Subject.LEAD))
    ids = None if said.get("all") else said.getlist("ids")
    here = QueryDict(said.get("list", ""))
    selection = selection_from_list(here, ids, member=request.member, subject=verb.subject)
    form = verb.form(request.POST or None, initial=request.GET.dict() | _columns(here))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return _start(request, verb, form, selection)
    return _ask(request, verb, form, selection)


@require_safe
def bulk_list(request: WorkspaceRequest) -> HttpResponse:
    """What was done in bulk, the newest first."""
    rows = BulkAction.objects.select_related("by")
    page = page_of(rows, ("-created_at", "-id"), request.GET, size=50)
    for bulk in page.rows:
        bulk.told = _told(bulk)
        bulk.rows = _words(bulk.subject, bulk.total)["rows"]
    return render(request, "leads/bulk_list.html", {"page": page})


@require_safe
def bulk_detail(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """How far it has come, and what became of it."""
    bulk, now = _found(id), timezone.now()
    context = {
        "bulk": bulk,
        "told": _told(bulk),
        "is_moving": bulk.finished_at is None,
        "is_stalled": _rests_for(bulk, STALLED, now),
        "trouble": trouble_with(id) if _rests_for(bulk, A_MOMENT, now) else None,
        "may_undo": may_be_undone(bulk, now) and _may(request, bulk),
        "may_cancel": bulk.status == "running" and _may(request, bulk),
        "may_download": bulk.status == "done" and is_kept(bulk, now) and _may_read(request, bulk),
        "undo_until": bulk.created_at + KEPT,
        **_words(bulk.subject, bulk.total),
    }
    part = "#progress" if request.htmx else ""
    return render(request, f"leads/bulk.html{part}", context)


@require_POST
def bulk_cancel(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Stop; what is done stays, and can be undone."""
    _allowed(request, id)
    cancel_bulk(id, now=timezone.now())
    return redirect(workspace_reverse("leads:bulk", id=id))


@require_POST
def bulk_undo(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take back what was done."""
    _allowed(request, id)
    undo_bulk(id, now=timezone.now())
    return redirect(workspace_reverse("leads:bulk", id=id))


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_export(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The file an export made, for who made it and for admins."""
    bulk = _found(id)
    if bulk.kind != "export" or not _may_read(request, bulk):
        raise Http404
    content, name, type = file_of(bulk)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=type, headers=headers)


def _verb(request: WorkspaceRequest, name: str, subject: str) -> Verb:
    verb = verb_called(name, subject)
    if verb is None or not verb.may(request.member):
        raise Http404
    return verb


def _columns(query: Any) -> dict[str, Any]:
    """An export begins with the columns of the list."""
    names = [name for words in query.getlist("columns") for name in words.split(",") if name]
    return {"columns": ["name", *names]} if names else {}


def _start(
    request: WorkspaceRequest, verb: Verb, form: BulkForm, selection: Mapping[str, Any]
) -> HttpResponse:
    bulk = start_bulk(
        verb,
        parameters=form.parameters(),
        selection=selection,
        by=request.member,
        now=timezone.now(),
    )
    say(request, _("Started. You may go on with other work meanwhile."))
    return redirect(workspace_reverse("leads:bulk", id=bulk.pk))


def _ask(
    request: WorkspaceRequest, verb: Verb, form: BulkForm, selection: Mapping[str, Any]
) -> HttpResponse:
    said = request.POST if request.method == "POST" else request.GET
    is_first = bool(form.first) and not said.get(form.first)
    meant = meant_by(selection, until=timezone.now(), subject=verb.subject)
    kept = [(name, value) for name in KEPT_WORDS for value in said.getlist(name)]
    context = {
        "verb": verb,
        "form": form,
        **_words(verb.subject, count_meant(meant, verb.subject)),
        "kept": kept,
        "choices": _choices(form, said) if is_first else [],
    }
    status = 422 if form.errors else 200
    return render(request, "leads/bulk_new.html", context, status=status)


def _words(subject: str, count: int) -> dict[str, Any]:
    """What the rows are called, and how many there are."""
    leads = (_("lead"), _("leads"), "leads:lead_list")
    companies = (_("company"), _("companies"), "leads:company_list")
    one, many, page = companies if subject == Subject.COMPANY else leads
    return {
        "count": count,
        "rows": f"{formatting.number(count)} {one if count == 1 else many}",
        "many": many,
        "list_url": workspace_reverse(page),
        "list_name": many[:1].upper() + many[1:],
    }


def _choices(form: BulkForm, said: Any) -> list[tuple[str, str]]:
    """A link for each answer to the first question."""
    links = []
    for value, label in form.fields[form.first].choices:  # type: ignore[attr-defined]
        query = said.copy()
        query[form.first] = value
        links.append((f"?{query.urlencode()}", label))
    return links


def _found(id: UUID) -> BulkAction:
    found: BulkAction = get_object_or_404(BulkAction.objects.select_related("by"), pk=id)
    return found


def _told(bulk: BulkAction) -> str:
    verb = verb_called(bulk.kind, bulk.subject)
    return verb.tell(bulk.parameters) if verb else str(bulk.kind)


def _allowed(request: WorkspaceRequest, id: UUID) -> None:
    if not _may(request, _found(id)):
        raise Http404


def _may(request: WorkspaceRequest, bulk: BulkAction) -> bool:
    """Whoever may do it may stop it and take it back."""
    verb = verb_called(bulk.kind, bulk.subject)
    return verb is not None and verb.may(request.member)


def _may_read(request: WorkspaceRequest, bulk: BulkAction) -> bool:
    return request.member.role == Role.ADMIN or bulk.by_id == request.member.pk


def _rests_for(bulk: BulkAction, time: timedelta, now: datetime) -> bool:
    """Should move, and has not for so long."""
    return bulk.finished_at is None and bool(bulk.moved_at and bulk.moved_at < now - time)
