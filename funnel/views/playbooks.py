"""The playbook: what is asked, by which rule, for which reasons leads are sent back."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from funnel.actions.playbook_drafts import discard_draft, publish_draft, save_draft
from funnel.actions.playbooks import NewPlaybook, publish_playbook
from funnel.models import DispositionKind
from funnel.playbook import DEMANDS, read_questions
from funnel.playbook_forms import PlaybookForm, as_new, questions_form
from funnel.queries.playbook_changes import changes_of
from funnel.queries.playbooks import (
    as_shown,
    draft_now,
    playbook_in_force,
    questions_of,
    reasons_of,
    versions,
)
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on


@require_GET
def playbook(request: WorkspaceRequest) -> HttpResponse:
    """What is in force, and every version with who, when and why."""
    shown, draft = playbook_in_force(), draft_now()
    demands = dict(DEMANDS)
    content = {
        "playbook": shown,
        "questions": [(each, demands[each.demand]) for each in questions_of(shown)],
        "retired": [each for each in read_questions(shown.questions) if each.is_retired],
        "reasons": [(kind.label, reasons_of(shown, kind)) for kind in DispositionKind],
        "versions": versions(),
        "draft": draft,
        "changes": changes_of(shown, draft) if draft else [],
        "may_change": may(request.member.role, "funnel:playbook_change"),
    }
    return render(request, "funnel/playbook.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
def playbook_change(request: WorkspaceRequest) -> HttpResponse:
    """Write the next version; save it as a draft, or publish it."""
    last, draft = playbook_in_force(), draft_now()
    shown, data = as_shown(draft, last), request.POST or None
    form = PlaybookForm(data, playbook=shown, seen=draft.revision if draft else 0)
    questions = questions_form(data, shown)
    if request.method == "POST" and form.is_valid() and questions.is_valid():
        with refusals_on(form):
            new = as_new(form, questions, shown)
            say(request, _kept(new, form.cleaned_data, request, has_draft=draft is not None))
            return redirect(workspace_reverse("funnel:playbook"))
    content = {"form": form, "questions": questions, "playbook": last, "draft": draft}
    content["changes"] = changes_of(last, draft) if draft else []
    code = 422 if request.method == "POST" else 200
    return render(request, "funnel/playbook_change.html", content, status=code)


@require_POST
def playbook_discard(request: WorkspaceRequest) -> HttpResponse:
    """Throw the draft away."""
    discard_draft()
    say(request, _("The draft is gone; what is in force stays."))
    return redirect(workspace_reverse("funnel:playbook"))


def _kept(
    new: NewPlaybook, told: dict[str, Any], request: WorkspaceRequest, *, has_draft: bool
) -> str:
    """Do what the button says; what is to be said of it."""
    rest: dict[str, Any] = {"reason": told["reason"], "by": request.member, "now": timezone.now()}
    if "draft" in request.POST:
        save_draft(new, **rest, seen=told["seen"])
        return _("The draft is saved; nobody is asked by it before it is published.")
    if not has_draft:
        publish_playbook(new, **rest, after=told["after"])
        return _("The playbook is in force.")
    with transaction.atomic():
        save_draft(new, **rest, seen=told["seen"])
        publish_draft(**rest)
    return _("The playbook is in force.")
