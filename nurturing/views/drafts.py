"""The next version of a sequence: its steps, their texts, and putting it in force."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.models import VersionState
from leadmgmt.workspaces.refusing import refusals_on
from leads.models import CustomField, Lead, Subject
from nurturing.actions import drafting, publishing
from nurturing.actions.trying import CannotSendTest, send_test
from nurturing.forms import EmailForm, PreviewForm, PublishForm, WaitForm
from nurturing.letters import Text, preview
from nurturing.models import Sequence, SequenceVersion, Step, StepKind
from nurturing.queries.contexts import FIELDS, contexts_of
from nurturing.queries.sequences import leads_to_preview


@require_POST
def draft_start(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Begin the next version, or go on with the one begun."""
    drafting.start_draft(get_object_or_404(Sequence, pk=id))
    return _to_draft(id)


def draft(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The steps of the draft; POST publishes it, with the reason."""
    shown = _draft(id)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            reason = form.cleaned_data["reason"]
            publishing.publish_draft(shown, reason=reason, by=request.member, now=timezone.now())
            said = _("Version %d is in force; people on their way stay on theirs.")
            say(request, said % shown.number)
            return redirect(workspace_reverse("nurturing:sequence", id=id))
    steps = list(shown.steps.all())
    context = {"draft": shown, "sequence": shown.sequence, "steps": steps, "form": form}
    context["last"] = len(steps) - 1
    return render(request, "nurturing/draft.html", context, status=422 if form.errors else 200)


@require_POST
def draft_discard(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Throw the draft away."""
    drafting.discard_draft(_draft(id))
    say(request, _("The draft is discarded."))
    return redirect(workspace_reverse("nurturing:sequence", id=id))


@require_POST
def step_add(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One more step at the end; its page opens to be written."""
    if request.POST.get("kind") == StepKind.WAIT:
        drafting.add_step(_draft(id), kind=StepKind.WAIT, wait_days=3)
        return _to_draft(id)
    step = drafting.add_step(_draft(id), kind=StepKind.EMAIL)
    return redirect(workspace_reverse("nurturing:step", id=step.pk))


def step(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Write a step; of a published version, read it. Drafts are for who may write them."""
    shown = _step(id)
    if shown.is_of_draft and not may(request.member.role, "nurturing:draft"):
        raise PermissionDenied
    form = _form_of(shown, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            drafting.change_step(_step(id), form.cleaned_data)
            say(request, _("Step %d is saved.") % (shown.position + 1))
            return _to_draft(shown.version.sequence_id)
    context = _step_context(_step(id)) | {"form": form}
    return render(request, "nurturing/step.html", context, status=422 if form.errors else 200)


@require_POST
def step_preview(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The text as typed, saved or not, filled in for one lead."""
    shown = _step(id)
    said = request.POST
    text = Text(
        said.get("subject", shown.subject),
        said.get("preheader", shown.preheader),
        said.get("body", shown.body),
    )
    context = _preview_context(text, _chosen_lead(said))
    return render(request, "nurturing/step.html#preview", context)


@require_POST
def step_test(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The saved text to oneself."""
    lead = _chosen_lead(request.POST)
    if lead is None:
        raise CannotSendTest(_("Add a lead with an email address first; the text needs one."))
    email = send_test(_step(id), lead=lead, to=request.member)
    say(request, _("The test is on its way to %s.") % email)
    return redirect(workspace_reverse("nurturing:step", id=id))


@require_POST
def step_move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One place up or down."""
    shown = _step(id)
    by = -1 if request.POST.get("direction") == "up" else 1
    drafting.move_step(shown, to=shown.position + by)
    return _to_draft(shown.version.sequence_id)


@require_POST
def step_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Out of the draft."""
    shown = _step(id)
    drafting.remove_step(shown)
    say(request, _("Step %d is removed from the draft.") % (shown.position + 1))
    return _to_draft(shown.version.sequence_id)


def _draft(sequence_id: UUID) -> SequenceVersion:
    drafts = SequenceVersion.objects.filter(state=VersionState.DRAFT).select_related("sequence")
    found: SequenceVersion = get_object_or_404(drafts, sequence=sequence_id)
    return found


def _step(step_id: UUID) -> Step:
    steps = Step.objects.select_related("version__sequence")
    found: Step = get_object_or_404(steps, pk=step_id)
    return found


def _form_of(shown: Step, said: Any) -> "forms.ModelForm[Step]":
    kind = EmailForm if shown.kind == StepKind.EMAIL else WaitForm
    return kind(said, instance=shown)


def _step_context(shown: Step) -> dict[str, Any]:
    leads = leads_to_preview()
    context: dict[str, Any] = {
        "step": shown,
        "sequence": shown.version.sequence,
        "is_draft": shown.is_of_draft,
    }
    if shown.kind == StepKind.EMAIL:
        text = Text(shown.subject, shown.preheader, shown.body)
        context |= _preview_context(text, leads[0] if leads else None)
        context |= {"leads": leads, "fields": _fields()}
    return context


def _preview_context(text: Text, lead: Lead | None) -> dict[str, Any]:
    if lead is None:
        return {"letter": None}
    try:
        letter = preview(text, contexts_of([lead.pk])[lead.pk])
    except Refusal as refusal:
        return {"letter": None, "trouble": refusal.sentence, "lead": lead}
    html = mark_safe(letter.html)  # noqa: S308  # sanitised by `preview`
    return {"letter": letter, "html": html, "lead": lead}


def _fields() -> list[tuple[str, Any]]:
    """What merge fields there are, our own and the workspace's."""
    rows = CustomField.objects.filter(subject=Subject.LEAD, retired_at=None)
    own = rows.order_by("position", "label")
    return [
        *FIELDS,
        *((f"lead.attributes.{each.key}", each.label) for each in own),
    ]


def _chosen_lead(said: Any) -> Lead | None:
    form = PreviewForm(said)
    if form.is_valid() and form.cleaned_data["lead"]:
        chosen: Lead = form.cleaned_data["lead"]
        return chosen
    offered = leads_to_preview()
    return offered[0] if offered else None


def _to_draft(sequence_id: UUID) -> HttpResponse:
    return redirect(workspace_reverse("nurturing:draft", id=sequence_id))
