"""What a blast radius comes to, and the people behind each figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from leadmgmt.kernel.sql import fetch
from scoring.following import Effect, following
from scoring.line import mql_line
from scoring.models import BlastRadius, Purpose, TouchedLead

NOW_BY_LINE = """
SELECT lead_class, count(*) FROM scoring_modelscore
WHERE workspace_id = %(workspace)s AND model_id = %(line)s GROUP BY 1
"""
NOW = """
SELECT lead_class, count(*) FROM leads_lead WHERE workspace_id = %(workspace)s GROUP BY 1
"""


@dataclass(frozen=True)
class EffectTold:
    """An effect with what it would do, and to how many."""

    effect: Effect
    rows: Mapping[str, int]


def figures_of(radius: BlastRadius) -> dict[str, Any]:
    """Everything the page shows as numbers; JSON types only."""
    rows = TouchedLead.objects.filter(radius=radius)
    promoted = list(rows.filter(is_promoted=True).values_list("lead_id", flat=True))
    model = radius.version.model
    line = mql_line() if model.purpose == Purpose.MAIN else None
    now = fetch(NOW_BY_LINE, line=model.pk) if model.purpose == Purpose.PRODUCT else fetch(NOW)
    shifts = rows.exclude(old_class=F("new_class")).values("old_class", "new_class")
    table = following()
    return {
        "moved": rows.count(),
        "line": line,
        "gaining": 0 if line is None else rows.filter(gaining(line)).count(),
        "losing": 0 if line is None else rows.filter(losing(line)).count(),
        "shifts": list(shifts.annotate(leads=Count("*")).values_list(*SHIFT)),
        "classes": {name or "": count for name, count in now},
        "promoted": len(promoted),
        "effects": {
            each.name: {what: len(ids) for what, ids in each.concerned(promoted).items()}
            for each in table.effects
        },
        "load": [
            {"owner": str(each.owner or ""), "name": each.name, "now": each.now, "then": each.then}
            for each in table.load(promoted)
        ],
    }


SHIFT = ("old_class", "new_class", "leads")


def gaining(line: int) -> Q:
    """Below the line now, at or above it then."""
    return Q(new_score__gte=line) & ~Q(old_score__gte=line, old_score__isnull=False)


def losing(line: int) -> Q:
    """The other way round."""
    return Q(old_score__gte=line) & ~Q(new_score__gte=line, new_score__isnull=False)


def people_of(radius: BlastRadius, figure: str) -> QuerySet[TouchedLead]:
    """The leads behind a figure, by its name; unknown names have nobody."""
    kind, _colon, rest = figure.partition(":")
    rows = TouchedLead.objects.filter(radius=radius).select_related("lead__company", "lead__owner")
    line = radius.figures.get("line")
    if kind == "moved":
        return rows
    if kind in ("gaining", "losing") and line is not None:
        return rows.filter(gaining(line) if kind == "gaining" else losing(line))
    if kind == "class":
        before, _dash, after = rest.partition("-")
        return rows.filter(old_class=before, new_class=after)
    promoted = rows.filter(is_promoted=True)
    if kind == "promoted":
        return promoted
    if kind == "owner":
        return promoted.filter(lead__owner=rest or None)
    return promoted.filter(lead__in=_concerned(kind, rest, promoted))


def _concerned(name: str, what: str, promoted: QuerySet[TouchedLead]) -> Sequence[UUID]:
    effect = next((each for each in following().effects if each.name == name), None)
    if effect is None:
        return ()
    return effect.concerned(list(promoted.values_list("lead_id", flat=True))).get(what, ())
