"""A made-up firm's site, on a developer's machine only: for trying tracking and forms."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from capture.models import Form
from capture.sites import workspace_of_site
from leadmgmt.kernel.context import inside


@require_safe
def sample_page(request: HttpRequest, site_key: str) -> HttpResponse:
    """The home page, with the newest form."""
    return _page(request, site_key, {"page": "home"})


@require_safe
def sample_pricing(request: HttpRequest, site_key: str) -> HttpResponse:
    """The pricing page: reading it should make a lead warmer."""
    return _page(request, site_key, {"page": "pricing"})


def _page(request: HttpRequest, site_key: str, context: dict[str, Any]) -> HttpResponse:
    workspace_id = workspace_of_site(site_key) if settings.LOCAL else None
    if workspace_id is None:
        raise Http404
    with inside(workspace_id):
        form = Form.objects.filter(is_active=True).order_by("-created_at", "-id").first()
    return render(request, "capture/sample.html", context | {"site_key": site_key, "form": form})
