"""The playbook: what is asked, by which rule, for which reasons leads are sent back."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from funnel.actions.playbooks import publish_playbook
from funnel.models import DispositionKind
from funnel.playbook import read_questions
from funnel.playbook_forms import DEMANDS, PlaybookForm, as_new, questions_form
from funnel.queries.playbooks import playbook_in_force, questions_of, reasons_of, versions
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on


@require_GET
def playbook(request: WorkspaceRequest) -> HttpResponse:
    """What is in force, and every version with who, when and why."""
    shown = playbook_in_force()
    demands = dict(DEMANDS)
    content = {
        "playbook": shown,
        "questions": [(each, demands[each.demand]) for each in questions_of(shown)],
        "retired": [each for each in read_questions(shown.questions) if each.is_retired],
        "reasons": [(kind.label, reasons_of(shown, kind)) for kind in DispositionKind],
        "versions": versions(),
        "may_change": may(request.member.role, "funnel:playbook_change"),
    }
    return render(request, "funnel/playbook.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
def playbook_change(request: WorkspaceRequest) -> HttpResponse:
    """Publish a new version."""
    last = playbook_in_force()
    data = request.POST or None
    form, questions = PlaybookForm(data, playbook=last), questions_form(data, last)
    if request.method == "POST" and form.is_valid() and questions.is_valid():
        with refusals_on(form):
            publish_playbook(
                as_new(form, questions, last),
                reason=form.cleaned_data["reason"],
                after=form.cleaned_data["after"],
                by=request.member,
                now=timezone.now(),
            )
            say(request, _("The playbook is in force."))
            return redirect(workspace_reverse("funnel:playbook"))
    content = {"form": form, "questions": questions, "playbook": last}
    code = 422 if request.method == "POST" else 200
    return render(request, "funnel/playbook_change.html", content, status=code)
