"""What scoring tells on a lead's page."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadmgmt.ui import formatting
from leadmgmt.ui.components.charts import Point
from leads.models import Lead
from scoring.models import RuleKind
from scoring.queries import Given, explain_score
from scoring.telling.whole import tell_scores

FEWEST_POINTS = 2  # a line needs two


def panel_of(lead: Lead) -> Mapping[str, Any] | None:
    """Why the lead has its score; nothing while no model is published."""
    found = explain_score(lead)
    if found is None:
        return None
    points = [
        Point(formatting.moment(each.at), each.new_score)
        for each in found.changes
        if each.new_score is not None and found.score is not None
    ]
    [told] = tell_scores([found], lead, timezone.now())
    rows = [
        {
            "label": each.given.name,
            "points": each.given.points,
            "why": _why(each.given),
            "url": each.url,
        }
        for each in told.lines
        if each.given.points
    ]
    return {
        "panel_title": _("Why this class") if found.score is None else "",
        "score": found,
        "told": told,
        "rows": rows,
        "points": points if len(points) >= FEWEST_POINTS else [],
    }


def _why(given: Given) -> str:
    """What was found: the condition that is met, or how many facts; what the cap took away."""
    if given.rule is None or given.rule.kind == RuleKind.PROFILE:
        return given.sentence
    facts = ngettext("%(facts)s fact", "%(facts)s facts", given.facts)
    parts = [facts % {"facts": formatting.number(given.facts)}]
    days = given.rule.window_days
    if days is not None:
        in_time = ngettext("in the last %(days)s day", "in the last %(days)s days", days)
        parts.append(in_time % {"days": days})
    if given.is_capped:
        faded = formatting.number(given.faded)
        parts.append(_("%(faded)s points before the cap") % {"faded": faded})
    if given.is_faded:
        raw = formatting.number(given.raw)
        parts.append(_("%(raw)s points before fading") % {"raw": raw})
    return " · ".join(parts)
