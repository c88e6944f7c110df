"""How a page says a refusal: at the field of its form, or as a message where one came from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import reswap, trigger_client_event

from leadmgmt.kernel.refusals import Refusal

HTMX_STATUS = 422  # the one error after which the shell's htmx shows no trouble of its own


@contextmanager
def refusals_on(form: BaseForm) -> Iterator[None]:
    """A refusal inside becomes an error of the form, at its field if the form has it.

    `with refusals_on(form): act(…); return redirect(…)`, and below it the page with its form.
    """
    try:
        yield
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)


class Refusals:
    """Middleware: a refusal no view has caught is said where the person stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do unless something is refused."""
        return self.get_response(request)

    def process_exception(self, request: Any, problem: Exception) -> HttpResponse | None:
        """A toast for htmx, a page for who only looks, else a message on the page before."""
        if not isinstance(problem, Refusal):
            return None
        if request.htmx:
            return _toast(problem)
        if request.method in ("GET", "HEAD"):
            return render(request, "refused.html", {"refusal": problem}, status=problem.status)
        messages.error(request, problem.sentence)
        return redirect(came_from(request))


def came_from(request: HttpRequest) -> str:
    """The page the request was sent from, if it is one of ours; else the start."""
    before = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return before if is_ours else "/"


def _toast(refusal: Refusal) -> HttpResponse:
    answer = reswap(HttpResponse(status=HTMX_STATUS), "none")
    return trigger_client_event(answer, "toast", {"text": refusal.sentence, "level": "error"})
