"""What sales said about MQLs, for who makes them."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from funnel.models import DispositionKind
from funnel.queries.rejections import (
    NOBODY,
    UNDECIDED,
    Asked,
    Verdict,
    latest_sent_back,
    mqls_behind,
    reasons_in_words,
    verdicts,
)
from leadmgmt.ui.paging import page_of
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.door import WorkspaceRequest

PERIODS = (30, 90, 365)
ORDER = ("-moved_at", "-id")


@require_GET
def rejections(request: WorkspaceRequest) -> HttpResponse:
    """MQLs of the last `?days=` by the rule that made them, and why they were sent back."""
    days = _days(request)
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
            (
                kinds[kind],
                words.get((kind, key), key),
                (count, _behind(days, kind=kind, reason=key)),
                count / found.made,
            )
            for kind, key, count in found.by_reason
        ],
        "tables": [
            (_("By definition"), _("Made by hand"), _rows("definition", found.by_definition, days)),
            (
                _("By version of the score model"),
                _("Before the first version"),
                _rows("score", found.by_score, days),
            ),
        ],
        "latest": [
            (each, words.get((each.kind, each.reason), each.reason))
            for each in latest_sent_back(since, until)
        ],
    }
    return render(request, "funnel/rejections.html", content)


@require_GET
def rejection_list(request: WorkspaceRequest) -> HttpResponse:
    """The very MQLs one of the numbers counts."""
    days, until = _days(request), timezone.now()
    asked = Asked(
        until - timedelta(days=days),
        until,
        definition=_rule(request.GET.get("definition", "")),
        score=_rule(request.GET.get("score", "")),
        kind=request.GET.get("kind", ""),
        reason=request.GET.get("reason", ""),
    )
    words, kinds = reasons_in_words(), dict(DispositionKind.choices) | {UNDECIDED: _("Undecided")}
    page = page_of(mqls_behind(asked), ORDER, request.GET)
    content = {
        "page": page,
        "rows": [
            (each, words.get((each.said_kind, each.said_reason), each.said_reason))
            for each in page.rows
        ],
        "days": days,
        "kinds": kinds,
        "kind": kinds.get(asked.kind, ""),
        "reason": words.get((asked.kind, asked.reason), asked.reason),
    }
    return render(request, "funnel/rejection_list.html", content)


def _days(request: WorkspaceRequest) -> int:
    asked = request.GET.get("days", "")
    return next((each for each in PERIODS if str(each) == asked), 90)


def _rule(text: str) -> UUID | str:
    """The id of a rule as an address names it; what is no id asks for nothing."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY if text == NOBODY else ""


def _rows(by: str, found: Any, days: int) -> list[tuple[Verdict, dict[str, Any]]]:
    """Each rule with its counts, and where the MQLs behind each are listed."""
    return [(each, _counts(each, days, **{by: _name(each)})) for each in found]


def _name(verdict: Verdict) -> str:
    return str(verdict.rule.pk) if verdict.rule else NOBODY


def _counts(verdict: Verdict, days: int, **rule: str) -> dict[str, tuple[int, str]]:
    kinds = (*DispositionKind.values, UNDECIDED)
    counts = {kind: (getattr(verdict, kind), _behind(days, kind=kind, **rule)) for kind in kinds}
    return {"made": (verdict.made, _behind(days, **rule)), **counts}


def _behind(days: int, **asked: str) -> str:
    return f"{workspace_reverse('funnel:rejection_list')}?{urlencode({'days': days, **asked})}"
