"""The scoring pages: the model in words, its draft, its publication."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on
from scoring import queries
from scoring.actions import drafting, publishing
from scoring.actions.starting import start_model
from scoring.drawing import drawn_histogram
from scoring.forms import PublishForm, RuleEditor, ThresholdsForm
from scoring.line import mql_line
from scoring.models import Rule, RuleKind, ScoreModel

# The model that serves


def model(request: WorkspaceRequest) -> HttpResponse:
    """The published model in plain words, and what it makes of the leads."""
    published = ScoreModel.objects.published().select_related("published_by").first()
    context: dict[str, Any] = {
        "model": published,
        "draft": ScoreModel.objects.draft().select_related("made_by").first(),
        "versions": ScoreModel.objects.numbered().select_related("published_by"),
        "recompute": queries.running_recompute(),
        "may_edit": may(request.member.role, "scoring:draft_start", "POST"),
    }
    if published is not None:
        bars = queries.histogram(published)
        context |= {
            "rules": queries.rules_told(published),
            "classes": queries.classes_now(published),
            "leads": sum(bar.count for bar in bars),
            "chart": drawn_histogram(bars, published, mql_line()),
        }
    return render(request, "scoring/model.html", context)


def version(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """An earlier or coming version, to read."""
    found = get_object_or_404(ScoreModel.objects.numbered().select_related("published_by"), pk=id)
    context = {"model": found, "rules": queries.rules_told(found, with_counts=False)}
    return render(request, "scoring/version.html", context)


def progress(request: WorkspaceRequest) -> HttpResponse:
    """How far the recompute is; asked again and again while it runs."""
    context = {"recompute": queries.running_recompute()}
    response = render(request, "scoring/_progress.html", context)
    if context["recompute"] is None:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def recompute(request: WorkspaceRequest) -> HttpResponse:
    """Work the published version out anew."""
    publishing.recompute_model(by=request.member, now=timezone.now())
    say(request, _("All scores are being worked out anew; nobody is notified."))
    return redirect(workspace_reverse("scoring:model"))


# The draft


@require_POST
def draft_start(request: WorkspaceRequest) -> HttpResponse:
    """Begin the next version, or go on with it."""
    start_model(by=request.member, now=timezone.now())
    return redirect(workspace_reverse("scoring:draft"))


def draft(request: WorkspaceRequest) -> HttpResponse:
    """The draft with its rules; its thresholds are saved here."""
    found = _draft()
    thresholds = ThresholdsForm(
        request.POST or None, initial={"hot_from": found.hot_from, "warm_from": found.warm_from}
    )
    if request.method == "POST" and thresholds.is_valid():
        with refusals_on(thresholds):
            drafting.set_thresholds(found, **thresholds.cleaned_data)
            say(request, _("Classes saved."))
            return redirect(workspace_reverse("scoring:draft"))
    context = {
        "model": found,
        "thresholds": thresholds,
        "rules": queries.rules_told(found, with_counts=False),
        "published": ScoreModel.objects.published().first(),
    }
    status = 422 if thresholds.errors else 200
    return render(request, "scoring/draft.html", context, status=status)


@require_POST
def draft_discard(request: WorkspaceRequest) -> HttpResponse:
    """Throw the draft away."""
    drafting.discard_draft(_draft())
    say(request, _("Draft discarded; the published version stays."))
    return redirect(workspace_reverse("scoring:model"))


def publish(request: WorkspaceRequest) -> HttpResponse:
    """Say why, see what changes, publish."""
    found = _draft()
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            publishing.publish_model(
                found,
                by=request.member,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                is_quiet=not form.cleaned_data["is_loud"],
            )
            say(request, _("Published; the scores are being worked out."))
            return redirect(workspace_reverse("scoring:model"))
    context = {"model": found, "form": form}
    return render(request, "scoring/publish.html", context, status=422 if form.errors else 200)


def effect(request: WorkspaceRequest) -> HttpResponse:
    """What publishing the draft would change, worked out for all leads."""
    found = _draft()
    context = {"effect": queries.effect_of(found, timezone.now()), "model": found}
    return render(request, "scoring/_effect.html", context)


# Rules


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
    found = _draft()
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


def _draft() -> ScoreModel:
    found: ScoreModel | None = ScoreModel.objects.draft().first()
    if found is None:
        raise Http404
    return found


def _rule(rule_id: UUID) -> Rule:
    return get_object_or_404(Rule.objects.select_related("model"), pk=rule_id, model=_draft())
