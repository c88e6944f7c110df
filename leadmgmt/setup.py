"""The way from an empty workspace to the first report: ten steps, each judged by a fact."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from capture.models import Form, Import, ImportStatus
from funnel.models import Definition
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.actions.workspaces import agree_to
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leads.models import Campaign, Lead, Visitor
from nurturing.models import Message
from reports.models import CostLine
from scoring.models import ModelVersion
from sla.models import Policy


@dataclass(frozen=True)
class Step:
    """What to do, why, where, and the fact that says it was done.

    What we `brought` may also be agreed to as it is.
    """

    title: str | Promise
    why: str | Promise
    page: str
    is_done: Callable[[], bool]
    brought: str | Promise = ""


STEPS = (
    Step(
        _("Agree on the words"),
        _("What an MQL and an SQL are. Read what we brought; agree to it, or publish your own."),
        "funnel:definitions",
        lambda: Definition.objects.filter(version__gt=1, published_at__isnull=False).exists(),
        brought=_("Our definitions fit you"),
    ),
    Step(
        _("Add a campaign"),
        _("What you pay for so that people come; visits and costs are counted by it."),
        "leads:campaign_list",
        lambda: Campaign.objects.exists(),
    ),
    Step(
        _("Put the tag on your site"),
        _("Visits are recorded from the first one on; there is a sample site to try it on."),
        "capture:tracking",
        lambda: Visitor.objects.exists(),
    ),
    Step(
        _("Make a form"),
        _("Whoever answers becomes a lead, together with the visits that came before."),
        "capture:form_list",
        lambda: Form.objects.exists(),
    ),
    Step(
        _("Import the leads you have"),
        _("A CSV or XLSX file; doing it twice makes nobody twice."),
        "capture:import_list",
        lambda: Import.objects.filter(status=ImportStatus.DONE).exists(),
    ),
    Step(
        _("Make the score yours"),
        _("Rules in plain words. Agree to ours, or publish a version that knows your buyers."),
        "scoring:model",
        lambda: ModelVersion.objects.filter(number__gt=1).exists(),
        brought=_("Our score fits you"),
    ),
    Step(
        _("Work the queue"),
        _("A rep claims the next MQL, calls, and notes what they heard."),
        "funnel:queue",
        lambda: Lead.objects.exclude(owner=None).exists(),
    ),
    Step(
        _("Promise a first response"),
        _("So many business hours from MQL to the first call. Agree to our 8, or publish yours."),
        "sla:policy_list",
        lambda: Policy.objects.filter(version__gt=1).exists(),
        brought=_("Our promise fits you"),
    ),
    Step(
        _("Send the first sequence"),
        _("Emails for those who are not ready yet. One is written and paused: read it, resume it."),
        "nurturing:sequence_list",
        lambda: Message.objects.exclude(sent_at=None).exists(),
    ),
    Step(
        _("Enter what it costs"),
        _("Then the dashboard knows what a lead and a customer cost, and what came back."),
        "reports:cost_list",
        lambda: CostLine.objects.exists(),
    ),
)


def setup(request: WorkspaceRequest) -> HttpResponse:
    """What is done, and what comes next."""
    agreed_to = request.workspace.agreed_to
    steps = [
        (step, step.page in agreed_to or step.is_done(), _address(step, request)) for step in STEPS
    ]
    following = next((step for step, is_done, url in steps if url and not is_done), None)
    done = sum(is_done for _step, is_done, _url in steps)
    context = {"steps": steps, "done": done, "total": len(STEPS), "following": following}
    return render(request, "setup.html", context)


@require_POST
def setup_agree(request: WorkspaceRequest) -> HttpResponse:
    """What we brought at a step fits the firm as it is."""
    asked = request.POST.get("step", "")
    step = next((each for each in STEPS if each.brought and each.page == asked), None)
    if step is None:
        raise Http404
    agree_to(step.page, request.workspace)
    say(request, gettext("“%(step)s” is done.") % {"step": step.title})
    return redirect(workspace_reverse("setup"))


def is_empty() -> bool:
    """Nobody has come yet, on the site or by file."""
    return not Lead.objects.exists() and not Visitor.objects.exists()


def _address(step: Step, request: WorkspaceRequest) -> str:
    return workspace_reverse(step.page) if may(request.member.role, step.page) else ""
