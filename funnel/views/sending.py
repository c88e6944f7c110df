"""Sending people of customers, by email, what they were given to learn."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from funnel.care.customer_forms import SendForm
from funnel.customers.telling import customer_of
from funnel.mailing.asking import objection_to, send_training
from funnel.mailing.telling import last_letter_of, with_letters
from funnel.mailing.writing import text_of
from funnel.models import Training, TrainingLetter
from funnel.views.care import back_to
from leadmgmt.ui.toasts import say
from leadmgmt.workspaces.door import WorkspaceRequest
from leadmgmt.workspaces.refusing import refusals_on

CARD = "training"


@require_http_methods(["GET", "HEAD", "POST"])
def training_send(request: WorkspaceRequest, id: UUID) -> HttpResponse:
    """Who gets it and what it says, before it goes."""
    rows = with_letters(Training.objects.select_related("lead", "content"))
    training: Training = get_object_or_404(rows, pk=id)
    customer, last = get_object_or_404(customer_of(training.lead)), last_letter_of(training)
    initial = {"after": last.number if last else 0}
    has_file = bool(training.content.file_path)
    form = SendForm(request.POST or None, has_file=has_file, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            told: Any = {**form.cleaned_data, "by": request.member, "now": timezone.now()}
            letter = send_training(training, **told)
            words = {"content": training, "to": letter.to}
            say(request, _("“%(content)s” goes to %(to)s by email.") % words)
            return back_to(customer.pk, CARD)
    context = {"form": form, "customer": customer, "training": training, "last": last}
    context |= {"objection": objection_to(training.lead), "text": _words(training, request)}
    status = 422 if form.errors else 200
    return render(request, "funnel/training_send.html", context, status=status)


def _words(training: Training, request: WorkspaceRequest) -> str:
    """What it would say without a word of one's own."""
    return text_of(TrainingLetter(training=training, asked_by=request.member), request.workspace)
