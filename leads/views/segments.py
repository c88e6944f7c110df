"""Segments: the list, one of them, writing, freezing, retiring, putting people in by hand."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadmgmt.ui.components.charts import Point
from leadmgmt.ui.formatting import day
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import came_from, refusals_on
from leads import keepers
from leads.actions import filling
from leads.actions import segments as actions
from leads.conditions import condition_from_query
from leads.models import Lead, Segment, SegmentKind
from leads.queries import segments as queries
from leads.segment_forms import SegmentForm, segment_form

MONTH, QUARTER = 30, 90  # days


@require_GET
def segment_list(request: WorkspaceRequest) -> HttpResponse:
    """Which groups there are, and how they grow."""
    listed = queries.listed_segments(request.GET, now=timezone.now(), days=MONTH)
    context = {
        "page": listed.page,
        "retired": listed.retired,
        "may_edit": may(request.member.role, "leads:segment_new", "POST"),
    }
    return render(request, "leads/segment_list.html", context)


@require_GET
def segment(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Who is in it, how it grew, what uses it."""
    shown = _segment(id)
    part = "#progress" if request.htmx and "progress" in request.GET else ""
    context = {"segment": shown} if part else _page(request, shown)
    return render(request, f"leads/segment.html{part}", context)


def _page(request: WorkspaceRequest, shown: Segment) -> dict[str, Any]:
    now, role = timezone.now(), request.member.role
    is_kept = bool(shown.keeper)
    (row,) = queries.told([shown], now=now, days=QUARTER)
    return {
        "segment": shown,
        "reading": queries.reading_of(shown),
        "points": _points(row.grown),
        "segment_key": str(shown.pk),
        "growth_shown": f"{row.grown.by:+d}" if row.grown.by else "0",
        "frozen_name": _("%(name)s on %(day)s") % {"name": shown.name[:90], "day": day(now)},
        "uses": row.uses,
        "page": queries.member_page(shown, request.GET),
        "left": queries.left_lately(shown, now=now, days=MONTH),
        "is_frozen": shown.kind == SegmentKind.FROZEN,
        "keeper": keepers.called(shown.keeper) if is_kept else None,
        "may_edit": may(role, "leads:segment_edit", "POST"),
        "may_change": not is_kept,
        "may_delete": not row.uses and (not is_kept or shown.retired_at),
        "may_fill": may(role, "leads:segment_remove", "POST") and not shown.retired_at,
    }


def _points(grown: queries.Grown) -> list[Point]:
    """Once a week is enough to see where it goes."""
    points = [Point(day(at), size) for at, size in zip(grown.days, grown.sizes, strict=True)]
    return points[::-7][::-1]


# Writing


@require_http_methods(["GET", "HEAD", "POST"])
def segment_new(request: WorkspaceRequest) -> HttpResponse:
    """A new group; `?condition=` brings what somebody asked in a list."""
    return _edit(request, None, _asked(request))


@require_http_methods(["GET", "HEAD", "POST"])
def segment_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Other words, or another condition."""
    shown = _segment(id)
    return _edit(request, shown, {name: getattr(shown, name) for name in FACTS})


FACTS = ("name", "description", "condition")


def _asked(request: WorkspaceRequest) -> dict[str, Any]:
    if text := request.GET.get("condition"):
        return {"condition": condition_from_query(text).tree}
    return {}


def _edit(
    request: WorkspaceRequest, shown: Segment | None, initial: dict[str, Any]
) -> HttpResponse:
    form = segment_form(shown)(request.POST or None, initial=initial)
    is_saving = "save" in request.POST
    if is_saving and form.is_valid():
        with refusals_on(form):
            saved = _save(request, shown, form)
            say(request, _("Segment “%s” saved.") % saved.name)
            return redirect(_address(saved.pk))
    context = {"form": form, "segment": shown}
    return render(request, "leads/segment_edit.html", context, status=422 if is_saving else 200)


def _save(request: WorkspaceRequest, shown: Segment | None, form: SegmentForm) -> Segment:
    now = timezone.now()
    if shown is None:
        return actions.create_segment(**form.cleaned_data, by=request.member, now=now)
    return actions.change_segment(shown, **form.cleaned_data, now=now)


@require_POST
def segment_freeze(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """A fixed list of those who are in it now."""
    name = request.POST.get("name", "")
    made = actions.freeze_segment(_segment(id), name=name, by=request.member, now=timezone.now())
    say(request, _("“%(name)s” holds the %(size)d people of now.") % _told(made))
    return redirect(_address(made.pk))


def _told(segment: Segment) -> dict[str, Any]:
    return {"name": segment.name, "size": segment.size}


@require_POST
def segment_retire(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Offer it no more."""
    shown = _segment(id)
    actions.retire_segment(shown, now=timezone.now())
    undo = workspace_reverse("leads:segment_restore", id=id)
    say(request, _("“%s” is retired; its members stay as they are.") % shown.name, undo_url=undo)
    return redirect(_address(id))


@require_POST
def segment_restore(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Offer it again."""
    actions.restore_segment(_segment(id), now=timezone.now())
    return redirect(_address(id))


@require_POST
def segment_delete(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Forget it and who was in it."""
    shown = _segment(id)
    actions.delete_segment(shown)
    say(request, _("Segment “%s” deleted.") % shown.name)
    return redirect(workspace_reverse("leads:segment_list"))


# By hand, from the page of a lead or of the segment


@require_POST
def segment_add(request: WorkspaceRequest) -> HttpResponse:
    """Put a lead into the frozen segment that was chosen."""
    lead = get_object_or_404(Lead, pk=_id(request, "lead"))
    chosen = _segment(_id(request, "segment"))
    filling.add_to_segment([lead.pk], segment=chosen, by=request.member, now=timezone.now())
    say(request, _("%(lead)s is in “%(name)s” now.") % {"lead": lead, "name": chosen.name})
    return redirect(workspace_reverse("leads:lead", id=lead.pk))


@require_POST
def segment_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take a lead out of a frozen segment."""
    lead, shown = get_object_or_404(Lead, pk=_id(request, "lead")), _segment(id)
    filling.remove_from_segment([lead.pk], segment=shown, by=request.member, now=timezone.now())
    say(request, _("%(lead)s is out of “%(name)s”.") % {"lead": lead, "name": shown.name})
    return redirect(came_from(request))


def _id(request: WorkspaceRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404 from None


def _segment(segment_id: UUID) -> Segment:
    return get_object_or_404(Segment, pk=segment_id)


def _address(segment_id: UUID) -> str:
    return workspace_reverse("leads:segment", id=segment_id)
