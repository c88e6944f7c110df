"""Rules of the draft."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from scoring import queries
from scoring.actions import drafting
from scoring.forms import RuleEditor
from scoring.models import Rule, RuleKind, ScoreModel
from scoring.views.drafts import the_draft


def rule_add(request: WorkspaceRequest, kind: str) -> HttpResponse:
    """A new rule."""
    if kind not in RuleKind.values:
        raise Http404
    return _edit(request, kind, None)


def rule_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """A rule of the draft."""
    rule = _rule(id)
    return _edit(request, rule.kind, rule)


def rule_count(request: WorkspaceRequest, kind: str) -> HttpResponse:
    """How many leads the rule would give points now, while it is being written."""
    editor = RuleEditor(kind, request.POST)
    context: dict[str, Any] = {}
    if editor.form.is_valid():
        try:
            words = editor.words()
            drafting.refuse_wrong(words)
            context["count"] = queries.leads_hit(
                kind, words.condition, words.window_days, timezone.now()
            )
        except Refusal:
            context["is_unfinished"] = True
    return render(request, "scoring/_count.html", context)


@require_POST
def rule_remove(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Take a rule out of the draft."""
    rule = _rule(id)
    drafting.remove_rule(rule)
    say(request, _("“%(name)s” removed from the draft.") % {"name": rule.name})
    return redirect(workspace_reverse("scoring:draft"))


@require_POST
def rule_duplicate(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The same rule once more, opened for changes."""
    copy = drafting.duplicate_rule(_rule(id))
    return redirect(workspace_reverse("scoring:rule_edit", id=copy.pk))


@require_POST
def rule_move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One place up or down."""
    drafting.move_rule(_rule(id), up=request.POST.get("to") == "up")
    return redirect(workspace_reverse("scoring:draft"))


def _edit(request: WorkspaceRequest, kind: str, rule: Rule | None) -> HttpResponse:
    found = the_draft()
    is_saving = "save" in request.POST
    editor = RuleEditor(kind, request.POST or None, rule, is_saving=is_saving)
    if is_saving and _save(found, editor):
        say(request, _("Rule saved."))
        return redirect(workspace_reverse("scoring:draft"))
    context = {"editor": editor, "form": editor.form, "rule": rule, "kind": kind}
    template = "scoring/rule.html#editor" if request.htmx else "scoring/rule.html"
    return render(request, template, context, status=422 if is_saving else 200)


def _save(found: ScoreModel, editor: RuleEditor) -> bool:
    if not editor.form.is_valid():
        return False
    with refusals_on(editor.form):
        rule_id = editor.rule.pk if editor.rule else None
        drafting.save_rule(found, editor.words(), rule_id=rule_id)
    return not editor.form.errors


def _rule(rule_id: UUID) -> Rule:
    return get_object_or_404(Rule.objects.select_related("model"), pk=rule_id, model=the_draft())
