"""Forms as the public sees them: a page, the same page in a frame, a script that makes the frame.

No session and no cookie: any site may show the form, and whoever posts is a stranger.
"""

import time
from functools import cache, wraps
from importlib.resources import files
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from capture.actions.submitting import count_refusal, count_view, submit_form
from capture.answering import CARRIED, CONSENT, STAMP, TRAP, answer_form, carried, read_answer
from capture.limits import address_of, knocks
from capture.machines import is_machine
from capture.models import Form
from capture.sites import workspace_of_form
from capture.verdicts import stamp_for
from leadmgmt.kernel.context import inside

LARGEST_BODY = 256 * 1024
FLOOD = 100  # posts a minute from one address that we still read


def of_a_form(view: Any) -> Any:
    """Find the form of the address, and do the view inside its workspace."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str) -> HttpResponse:
        workspace_id = workspace_of_form(token)
        if workspace_id is None:
            raise Http404
        with inside(workspace_id):
            response: HttpResponse = view(request, Form.objects.get(token=token))
        return response

    return wrapped


@csrf_exempt
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@require_http_methods(["GET", "HEAD", "POST"])
@of_a_form
def form_page(request: HttpRequest, form: Form) -> HttpResponse:
    """Show the form, or take an answer; wrong answers come back with what was typed."""
    if not form.is_active:
        return _sentence(request, form, _("This form takes no answers any more."), 410)
    if request.method == "POST":
        return _take(request, form)
    if request.GET.get("sent"):
        return render(request, "capture/public_thanks.html", {"form": form})
    if not is_machine(request.headers.get("User-Agent", "")):
        count_view(form, on=timezone.now().date())
    return _show(request, form, answer_form(form), request.GET)


@require_safe
@of_a_form
def form_script(request: HttpRequest, form: Form) -> HttpResponse:
    """The script that puts the form, in a frame, where it is called."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _take(request: HttpRequest, form: Form) -> HttpResponse:
    if _length(request) > LARGEST_BODY:
        return _sentence(request, form, _("An answer may have 256 kB at most."), 413)
    if knocks(f"flood:{form.token}", address_of(request)) > FLOOD:
        return _sentence(request, form, _("Too many answers at once; try again in a minute."), 429)
    answers = answer_form(form, request.POST)
    if not answers.is_valid():
        count_refusal(form, on=timezone.now().date())
        return _show(request, form, answers, request.POST, status=422)
    submit_form(form, read_answer(form, request, answers.cleaned_data), now=timezone.now())
    return _after(request, form)


def _after(request: HttpRequest, form: Form) -> HttpResponse:
    """Where people go next.

    From our own page, perhaps in a frame, always to our thank-you page, which leads on: browsers
    do not let a form in a frame send them elsewhere. From a form on another site, straight on.
    """
    if form.redirect_url and not request.POST.get(STAMP):
        return redirect(form.redirect_url)
    response = redirect(reverse("public:form", args=[form.token]) + "?sent=1")
    response.status_code = 303
    return response


def _show(
    request: HttpRequest, form: Form, answers: Any, data: Any, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "answers": answers,
        "fields": [field for field in answers if field.name != CONSENT],
        "consent": answers[CONSENT] if form.consent else None,
        "trap": TRAP,
        "stamp": stamp_for(form.token, time.time()),
        "carried": [(name, carried(data, name)) for name in CARRIED],
    }
    response = render(request, "capture/public_form.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _sentence(request: HttpRequest, form: Form, sentence: str, status: int) -> HttpResponse:
    context = {"form": form, "sentence": sentence}
    return render(request, "capture/public_sentence.html", context, status=status)


def _length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isdigit() else 0


@cache
def _script() -> str:
    return files("capture").joinpath("static/capture/embed.js").read_text()
