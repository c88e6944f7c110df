"""Error pages that help, and the component gallery."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from . import gallery


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"reason": _said(exception)}, status=403)


def not_allowed(request: HttpRequest, page: str = "/") -> HttpResponse:
    """Looked at what only a button sends, or the other way round; `page` is where to go instead."""
    return render(request, "405.html", {"page": page}, status=405)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Without request context: it must show when the database does not."""
    return HttpResponse(render_to_string("500.html"), status=500)


def maintenance(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "60"})


def _said(exception: Exception | None) -> str:
    """The sentence the view gave, if it gave one for people."""
    return (
        str(exception.args[0])
        if exception and exception.args and isinstance(exception.args[0], str)
        else ""
    )


def components(request: HttpRequest) -> HttpResponse:
    """All components with believable data; only on a developer's machine."""
    if not (settings.DEBUG or settings.LOCAL):
        raise Http404
    context: dict[str, Any] = gallery.samples(request)
    return render(request, "ui/gallery.html", context)
