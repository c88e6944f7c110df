"""The page that gets tracking going: what to copy, and whether it works."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from capture.queries import last_site_events
from capture.snippets import tracking_snippet
from leadmgmt.workspaces.door import WorkspaceRequest

LOOKING_BACK = timedelta(days=7)


@require_safe
def tracking(request: WorkspaceRequest) -> HttpResponse:
    """The tag, and the last things it has told us."""
    site_key = request.workspace.site_key
    context = {
        "snippet": tracking_snippet(site_key),
        "snippet_with_consent": tracking_snippet(site_key, asks_consent=True),
        "events": last_site_events(timezone.now() - LOOKING_BACK),
        "sample_key": site_key if settings.LOCAL else "",
    }
    part = "#events" if request.htmx else ""
    return render(request, f"capture/tracking.html{part}", context)
