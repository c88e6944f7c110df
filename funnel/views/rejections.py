"""What sales said about MQLs, for who makes them."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from funnel.models import DispositionKind
from funnel.queries.rejections import latest_sent_back, reasons_in_words, verdicts
from leadmgmt.workspaces.door import WorkspaceRequest

PERIODS = (30, 90, 365)


@require_GET
def rejections(request: WorkspaceRequest) -> HttpResponse:
    """MQLs of the last `?days=` by the rule that made them, and why they were sent back."""
    asked = request.GET.get("days", "")
    days = next((each for each in PERIODS if str(each) == asked), 90)
    until = timezone.now()
    since = until - timedelta(days=days)
    found, words = verdicts(since, until), reasons_in_words()
    kinds = dict(DispositionKind.choices)
    content = {
        "found": found,
        "periods": [
            (_("Last %(days)d days") % {"days": each}, f"?days={each}", each == days)
            for each in PERIODS
        ],
        "reasons": [
            (kinds[kind], words.get((kind, key), key), count, count / found.made)
            for kind, key, count in found.by_reason
        ],
        "tables": [
            (_("By definition"), _("Made by hand"), found.by_definition),
            (_("By version of the score model"), _("Before the first version"), found.by_score),
        ],
        "latest": [
            (each, words.get((each.kind, each.reason), each.reason))
            for each in latest_sent_back(since, until)
        ],
    }
    return render(request, "funnel/rejections.html", content)
