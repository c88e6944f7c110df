"""Maintenance: pages and API are shut with a word of explanation while MAINTENANCE is set.

What strangers send is still taken (visits, forms, clicks, unsubscribing), and `/health/` answers,
so that load balancers leave the server in.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from leadmgmt.kernel.problems import problem
from leadmgmt.ui import views

STAYS_OPEN = ("health", "message_opened", "message_clicked", "message_unsubscribe")
TRY_AGAIN = {"Retry-After": "60"}


class Maintenance:
    """Middleware: not there at all while the product is open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.MAINTENANCE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Before anything asks the database, which may be away."""
        return self.get_response(request) if _stays_open(request.path_info) else _shut(request)


def _stays_open(path: str) -> bool:
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return "public" in found.namespaces or found.view_name in STAYS_OPEN


def _shut(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        sentence = _("The system is being updated. Send this again in a minute.")
        return problem(503, sentence, headers=TRY_AGAIN)
    return views.maintenance(request)
