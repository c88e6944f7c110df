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
from scoring.actions import rules as rule_verbs
from scoring.actions.words import refuse_wrong
from scoring.forms import RuleEditor
from scoring.models import ModelState, ModelVersion, Rule, RuleKind
from scoring.views.choosing import address, naming, the_draft


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
            refuse_wrong(words)
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
    rule_verbs.remove_rule(rule)
    say(request, _("“%(name)s” removed from the draft.") % {"name": rule.name})
    return redirect(address("scoring:draft", rule.version.model))


@require_POST
def rule_duplicate(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """The same rule once more, opened for changes."""
    copy = rule_verbs.duplicate_rule(_rule(id))
    return redirect(workspace_reverse("scoring:rule_edit", id=copy.pk))


@require_POST
def rule_move(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """One place up or down."""
    rule = _rule(id)
    rule_verbs.move_rule(rule, up=request.POST.get("to") == "up")
    return redirect(address("scoring:draft", rule.version.model))


def _edit(request: WorkspaceRequest, kind: str, rule: Rule | None) -> HttpResponse:
    found = the_draft(request) if rule is None else rule.version
    is_saving = "save" in request.POST
    editor = RuleEditor(kind, request.POST or None, rule, draft=found, is_saving=is_saving)
    if is_saving and _save(found, editor):
        say(request, _("Rule saved."))
        return redirect(address("scoring:draft", found.model))
    context = {
        "editor": editor,
        "form": editor.form,
        "rule": rule,
        "kind": kind,
        "at": naming(found.model),
    }
    template = "scoring/rule.html#editor" if request.htmx else "scoring/rule.html"
    return render(request, template, context, status=422 if is_saving else 200)


def _save(found: ModelVersion, editor: RuleEditor) -> bool:
    if not editor.form.is_valid():
        return False
    with refusals_on(editor.form):
        rule_id = editor.rule.pk if editor.rule else None
        rule_verbs.save_rule(found, editor.words(), rule_id=rule_id)
    return not editor.form.errors


def _rule(rule_id: UUID) -> Rule:
    """A rule of any draft."""
    rules = Rule.objects.select_related("version__model")
    return get_object_or_404(rules, pk=rule_id, version__state=ModelState.DRAFT)
