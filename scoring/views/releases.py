"""Publishing a draft: what it would do, and what may follow; the release, watched and stopped."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import LeadClass
from scoring.actions import foreseeing, publishing, releasing
from scoring.following import following
from scoring.line import can_follow, is_lost
from scoring.models import OPEN, BlastRadius, ModelVersion, Purpose, Release
from scoring.queries import sorts_without_points
from scoring.queries.radius import EffectTold, people_of
from scoring.queries.releases import people_of_release, release_told, stage_named
from scoring.release_forms import PublishForm
from scoring.views.choosing import address, naming, the_draft

PEOPLE = {"promoted": _lazy("Who became an MQL"), "waiting": _lazy("Who waits")}


def publish(request: WorkspaceRequest) -> HttpResponse:
    """Say why, see what changes, say what may follow, publish."""
    found = the_draft(request)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            publishing.publish_model(
                found,
                by=request.member,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                terms=form.terms,
            )
            say(request, _("Published; the scores are being worked out."))
            return redirect(address("scoring:model", found.model))
    open_ones = Release.objects.filter(state__in=OPEN, version__model=found.model)
    context = {
        "form": form,
        "release": open_ones.select_related("version__model").first(),
        "is_line_lost": is_lost(found),
        "can_follow": can_follow(found),
    }
    status = 422 if form.errors else 200
    return render(request, "scoring/publish.html", context | _told(found), status=status)


def effect(request: WorkspaceRequest) -> HttpResponse:
    """What publishing the draft would change; a POST has it worked out for all leads."""
    found = the_draft(request)
    if request.method == "POST":
        foreseeing.ask_radius(found, now=timezone.now())
        if not request.headers.get("HX-Request"):
            return redirect(address("scoring:publish", found.model))
    return render(request, "scoring/_effect.html", _told(found))


def touched(request: WorkspaceRequest) -> HttpResponse:
    """The people behind a figure."""
    found = the_draft(request)
    radius = BlastRadius.objects.filter(version=found).exclude(finished_at=None).first()
    if radius is None:
        raise Http404
    people = people_of(radius, request.GET.get("figure", ""))
    context = {
        "radius": radius,
        "page": page_of(people, ("-is_promoted", "lead_id"), request.GET, size=50),
        "title": _title(request.GET.get("figure", "")),
        "with_scores": _has_scores(found),
        "with_grades": found.model.purpose != Purpose.PRODUCT,
        "at": naming(found.model),
    }
    return render(request, "scoring/touched.html", context)


def _has_scores(version: ModelVersion) -> bool:
    """Grades are letters; and where decision rules sort, no page tells a score."""
    if version.model.purpose == Purpose.PRODUCT:
        return not sorts_without_points()
    return version.model.purpose == Purpose.MAIN and not version.is_by_decisions


def release(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """How far a release is; asked again and again while it is open."""
    told = release_told(_the_release(id))
    context = {"told": told, "may_edit": may(request.member.role, "scoring:release_stop", "POST")}
    return render(request, "scoring/_release.html", context)


def release_people(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Whom it holds, and whom it let go."""
    found, which = _the_release(id), request.GET.get("which", "")
    stage = stage_named(found, request.GET.get("stage", ""))
    people = people_of_release(found, which, stage)
    context = {
        "release": found,
        "stages": _stages(found, which, stage),
        "steps": found.steps.select_related("by").order_by("at", "id"),
        "page": page_of(people, ("lot", "lead_id"), request.GET, size=50),
        "title": PEOPLE.get(which) or _("Whom the version moved"),
        "at": naming(found.version.model),
    }
    return render(request, "scoring/release_people.html", context)


@require_POST
def release_stop(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Nobody else is let go."""
    found = _the_release(id)
    releasing.stop_release(found, by=request.member, now=timezone.now())
    say(request, _("Stopped; who was let go stays, nobody else is."))
    return redirect(address("scoring:model", found.version.model))


@require_POST
def release_go_on(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Go on where it stopped."""
    found = _the_release(id)
    releasing.go_on_release(found, by=request.member, now=timezone.now())
    say(request, _("The release goes on."))
    return redirect(address("scoring:model", found.version.model))


@require_POST
def release_next(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Open the next stage."""
    found = _the_release(id)
    releasing.open_next_stage(found, by=request.member, now=timezone.now())
    say(request, _("The next stage is open."))
    return redirect(address("scoring:model", found.version.model))


@require_POST
def release_end(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """End it for good."""
    found = _the_release(id)
    releasing.end_release(found, by=request.member, now=timezone.now())
    say(request, _("Ended; who was not let go stays as they are."))
    return redirect(address("scoring:model", found.version.model))


def _stages(found: Release, which: str, chosen: int | None) -> list[dict[str, Any]]:
    """The stages as tabs, after all of them together."""
    tabs = [
        {
            "name": _("All stages"),
            "url": f"?{urlencode({'which': which})}",
            "is_open": chosen is None,
        }
    ]
    for stage, share in enumerate(found.shares):
        said = {"nth": stage + 1, "share": share}
        name = _("Stage %(nth)d (to %(share)d %%)") % said
        url = f"?{urlencode({'which': which, 'stage': stage})}"
        tabs.append({"name": name, "url": url, "is_open": chosen == stage})
    return tabs


def _the_release(id: UUID) -> Release:
    found: Release = get_object_or_404(Release.objects.select_related("version__model"), pk=id)
    return found


def _told(version: ModelVersion) -> dict[str, Any]:
    """Of the blast radius, all that is shown; without one, that there is none."""
    radius = BlastRadius.objects.filter(version=version).first()
    context: dict[str, Any] = {"model": version, "at": naming(version.model), "radius": radius}
    if radius is None:
        return context
    context["is_stale"] = radius.digest != foreseeing.digest_of_draft(version)
    named = naming(version.model)
    context["at_people"] = f"{named}&figure=" if named else "?figure="
    if radius.finished_at is not None:
        context |= _figures(radius.figures)
    return context


def _figures(figures: dict[str, Any]) -> dict[str, Any]:
    shifts = figures["shifts"]
    now = figures["classes"]
    rows = [_class_row(name, now.get(name, 0), shifts) for name in LeadClass.values]
    told = [EffectTold(each, figures["effects"].get(each.name, {})) for each in following().effects]
    load = [each | {"new": each["then"] - each["now"]} for each in figures["load"]]
    context = {"classes": rows, "shifts": shifts, "effects": told, "load": load}
    return context | {"per_rep": _per_rep(figures)}


def _class_row(name: str, now: int, shifts: list[tuple[str, str, int]]) -> dict[str, Any]:
    change = sum(count * ((after == name) - (before == name)) for before, after, count in shifts)
    return {"name": name, "now": now, "then": now + change, "change": change}


def _per_rep(figures: dict[str, Any]) -> dict[str, float] | None:
    """Open leads of each rep if all were shared evenly, the pool too."""
    load = figures["load"]
    reps = sum(1 for each in load if each["owner"])
    if not reps:
        return None
    sums = {when: sum(each[when] for each in load) / reps for when in ("now", "then")}
    return {"reps": reps, **sums}


def _title(figure: str) -> str:
    kind, _colon, what = figure.partition(":")
    titles = {
        "moved": _("Who would move"),
        "promoted": _("Who would become an MQL"),
        "gaining": _("Who would gain the MQL line"),
        "losing": _("Who would lose the MQL line"),
        "class": _("Who would change class"),
        "owner": _("Who would come into the queue"),
    }
    return titles.get(kind) or _("Who would be in “%(what)s”") % {"what": what}
