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

from leadmgmt.kernel.meanwhile import Vanished, refusal_of
from leadmgmt.kernel.problems import problem_of
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
        refusal = refusal_of(problem)
        if refusal is None:
            return None
        if _is_of_api(request):
            return problem_of(refusal)
        if request.htmx:
            return _toast(refusal)
        if request.method in ("GET", "HEAD") or isinstance(refusal, Vanished):
            return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)
        messages.error(request, refusal.sentence)
        return redirect(came_from(request))


def came_from(request: HttpRequest) -> str:
    """The page the request was sent from, if it is one of ours; else the start."""
    before = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        before, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return before if is_ours else "/"


def _is_of_api(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "api" in match.namespaces


def _toast(refusal: Refusal) -> HttpResponse:
    answer = reswap(HttpResponse(status=HTMX_STATUS), "none")
    return trigger_client_event(answer, "toast", {"text": refusal.sentence, "level": "error"})
