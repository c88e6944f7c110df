"""Pages of forms: what each asks, how to put it on a site, what came through it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capture.actions.shaping import save_form
from capture.actions.submitting import accept_submission
from capture.answering import answer_form
from capture.forms.forms import FormForm, QuestionsForm
from capture.models import Form, Submission, Verdict
from capture.queries import forms_with_counts, submissions_of
from capture.questions import Question, custom_fields, questions_of
from capture.snippets import snippets_of
from leadmgmt.ui.paging import page_of
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.access import may
from leadmgmt.workspaces.addresses import absolute, workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on


@require_safe
def form_list(request: WorkspaceRequest) -> HttpResponse:
    """All forms with what they bring."""
    page = page_of(forms_with_counts(), ("-created_at", "-id"), request.GET, size=50)
    context = {"page": page, "may_edit": _may_edit(request)}
    return render(request, "capture/form_list.html", context)


@require_http_methods(["GET", "POST"])
def form_new(request: WorkspaceRequest) -> HttpResponse:
    """A new form; it starts with the two questions that bring most answers."""
    start = [Question("name", _("Name"), False), Question("email", _("Email"), True)]
    return _edit(request, Form(), start)


@require_http_methods(["GET", "POST"])
def form_edit(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Change a form; sites that show it show the change at once."""
    form: Form = get_object_or_404(Form.objects.all(), pk=id)
    return _edit(request, form, questions_of(form.fields))


@require_safe
def form_detail(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Preview, how to put it on a site, and the last answers."""
    form = _counted(id)
    context = {
        "form": form,
        "address": absolute(reverse("public:form", args=[form.token])),
        "snippets": snippets_of(form),
        "preview": answer_form(form),
        "latest": submissions_of(form, "").order_by("-received_at", "-id")[:5],
        "may_edit": _may_edit(request),
    }
    return render(request, "capture/form.html", context)


@require_safe
def submission_list(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Every answer, the set-aside ones too."""
    form = _counted(id)
    verdict = request.GET.get("verdict", "")
    rows: QuerySet[Submission] = submissions_of(form, verdict if verdict in Verdict.values else "")
    page = page_of(rows, ("-received_at", "-id"), request.GET, size=50)
    _put_into_words(form, page.rows)
    context = {
        "form": form,
        "is_all": verdict not in Verdict.values,
        "is_accepted": verdict == Verdict.ACCEPTED,
        "is_spam": verdict == Verdict.SPAM,
        "page": page,
        "may_edit": _may_edit(request),
    }
    return render(request, "capture/submission_list.html", context)


@require_POST
def submission_accept(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Not spam: make its lead now."""
    submission: Submission = get_object_or_404(Submission.objects.all(), pk=id)
    accepted = accept_submission(submission, now=timezone.now())
    say(request, _("Accepted; the answer now belongs to a lead."))
    return redirect(workspace_reverse("capture:submission_list", id=accepted.form_id))


def _edit(request: WorkspaceRequest, form: Form, asked: list[Question]) -> HttpResponse:
    data = request.POST or None
    details = FormForm(data, instance=form)
    questions = QuestionsForm(asked, custom_fields(), data)
    if request.method == "POST" and details.is_valid() and questions.is_valid():
        with refusals_on(details):
            saved = save_form(details.save(commit=False), questions.questions())
            say(request, _("Form saved."))
            return redirect(workspace_reverse("capture:form", id=saved.pk))
    context: dict[str, Any] = {"form": form, "details": details, "questions": questions}
    status = 422 if details.errors or questions.errors else 200
    return render(request, "capture/form_edit.html", context, status=status)


def _put_into_words(form: Form, rows: Iterable[Submission]) -> None:
    """Give each answer `shown`: label and value of each question, as the form asks now."""
    labels = {question.key: question.label for question in questions_of(form.fields)}
    for row in rows:
        row.shown = [(labels.get(key, key), value) for key, value in row.values.items()]  # type: ignore[attr-defined]


def _counted(id: UUID) -> Form:
    form: Form = get_object_or_404(forms_with_counts(), pk=id)
    return form


def _may_edit(request: WorkspaceRequest) -> bool:
    return may(request.member.role, "capture:form_edit", "POST")
