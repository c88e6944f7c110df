"""Definitions: what our words mean, in words both teams read and both approve."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.actions.agreeing import approve_version, may_approve, withdraw_approval
from funnel.models import APPROVERS, AgreedVersion, Side
from funnel.queries.company_rules import company_rules
from funnel.queries.definitions import all_definitions, is_scoreless
from funnel.views.subjects import COMPANIES, Subject, subject_named
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import Member
from leadmgmt.workspaces.refusing import refusals_on


@dataclass(frozen=True)
class Approval:
    """One side of a draft: who approved, and what this member may do about it."""

    side: Side
    by: Member | None
    at: Any
    may_give: bool
    may_take_back: bool


@require_GET
def definitions(request: WorkspaceRequest) -> HttpResponse:
    """Every stage with the version that binds and the change that is proposed."""
    role = request.member.role
    content = {
        "definitions": all_definitions(),
        "companies": company_rules(),
        "is_scoreless": is_scoreless(),
        "may_change": may(role, "funnel:definition_change", "POST"),
        "may_publish": may(role, "funnel:definition_publish", "POST"),
    }
    return render(request, "funnel/definitions.html", content)


@require_GET
def definition_history(request: WorkspaceRequest, stage: str) -> HttpResponse:
    """Every version there has been, and what each changed, in words."""
    return render(request, "funnel/definition_history.html", {"subject": subject_named(stage)})


@require_http_methods(["GET", "POST"])
def definition_change(request: WorkspaceRequest, stage: str) -> HttpResponse:
    """Propose a change of one stage's definition, or of the rule for companies."""
    subject = subject_named(stage)
    form = subject.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            draft = subject.propose(form.as_told(), request.member)
            say(request, _("Version %(version)d is proposed.") % {"version": draft.version})
            page = "definition_change" if "another" in request.POST else "definition_publish"
            end = "#subcategories" if "another" in request.POST else ""
            return redirect(workspace_reverse(f"funnel:{page}", stage=stage) + end)
    status = 422 if request.method == "POST" else 200
    content = {"subject": subject, "form": form}
    return render(request, "funnel/definition_change.html", content, status=status)


@require_http_methods(["GET", "POST"])
def definition_publish(request: WorkspaceRequest, stage: str) -> HttpResponse:
    """Look at what a proposed version would change and do; approve it, and let it bind."""
    subject = subject_named(stage)
    now = timezone.now()
    if request.method == "POST":
        version = subject.draft or subject.current
        if version is None:
            raise Http404
        is_applied = "applies" in request.POST
        subject.publish(version, by=request.member, now=now, is_applied=is_applied)
        say(request, _("Version %(version)d is published.") % {"version": version.version})
        return redirect(workspace_reverse("funnel:definitions"))
    if subject.draft is None:
        return redirect(workspace_reverse("funnel:definitions"))
    content = {
        "subject": subject,
        "draft": subject.draft,
        "is_of_companies": stage == COMPANIES,
        "approvals": _approvals(subject.draft, request.member),
        "meeting": subject.meeting(now),
    }
    return render(request, "funnel/definition_publish.html", content)


@require_POST
def definition_approve(request: WorkspaceRequest, stage: str) -> HttpResponse:
    """Approve a proposal for marketing or for sales."""
    subject, side = subject_named(stage), _side(request)
    revision = _revision(request)
    if subject.draft:
        by, now = request.member, timezone.now()
        approve_version(subject.draft, side=side, by=by, now=now, revision=revision)
        undo = f"{workspace_reverse('funnel:definition_withdraw', stage=stage)}?side={side}"
        say(request, _("Approved for %(side)s.") % {"side": side.label.lower()}, undo_url=undo)
    return _back_to(subject)


@require_POST
def definition_withdraw(request: WorkspaceRequest, stage: str) -> HttpResponse:
    """Take an approval back."""
    subject, side = subject_named(stage), _side(request)
    if subject.draft:
        withdraw_approval(subject.draft, side=side, by=request.member)
        say(request, _("The approval is taken back."))
    return _back_to(subject)


@require_POST
def definition_discard(request: WorkspaceRequest, stage: str) -> HttpResponse:
    """Throw a proposed version away."""
    subject_named(stage).discard()
    say(request, _("The proposal is discarded."))
    return redirect(workspace_reverse("funnel:definitions"))


def _approvals(draft: AgreedVersion, member: Member) -> list[Approval]:
    return [
        Approval(
            side=side,
            by=getattr(draft, f"{side}_by"),
            at=getattr(draft, f"{side}_at"),
            may_give=side in draft.waits_for and may_approve(draft, side, member),
            may_take_back=side not in draft.waits_for and member.role in APPROVERS[side],
        )
        for side in Side
    ]


def _side(request: WorkspaceRequest) -> Side:
    asked = request.POST.get("side") or request.GET.get("side", "")
    if asked not in Side.values:
        raise Http404
    return Side(asked)


def _revision(request: WorkspaceRequest) -> int | None:
    said = request.POST.get("revision", "")
    return int(said[:9]) if said.isascii() and said.isdigit() else None


def _back_to(subject: Subject) -> HttpResponse:
    return redirect(workspace_reverse("funnel:definition_publish", stage=subject.slug))
