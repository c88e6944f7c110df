"""Charts as inline SVG made by the server: readable without JavaScript, and true to scale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from leadmgmt.ui import drawing, formatting

from .library import register

Say = Callable[[float], str]


@dataclass(frozen=True)
class Step:
    """One bar of a funnel; `rate` is the share of the step before, `rate_label` names both ends."""

    label: str
    count: int
    url: str = ""
    rate: float | None = None
    rate_label: str = ""
    stage: str = ""


@dataclass(frozen=True)
class Point:
    """One value of a trend: its name, the value of the period before, the rows behind it."""

    label: str
    value: float
    before: float | None = None
    url: str = ""


@register.inclusion_tag("ui/funnel.html")
def funnel(steps: Sequence[Step], label: str = "") -> dict[str, Any]:
    """Horizontal step bars with true numbers and the rate between steps."""
    widest = max((step.count for step in steps), default=0) or 1
    return {
        "label": label,
        "steps": [{"step": step, "width": f"{step.count / widest * 100:.2f}%"} for step in steps],
    }


@register.inclusion_tag("ui/trend.html")
def trend(
    points: Sequence[Point],
    label: str,
    unit: str = "",
    kind: str = "line",
    period: str = "",
    before: str = "",
    shown: str = "number",
    currency: str = "EUR",
) -> dict[str, Any]:
    """A line (or `kind="bar"`), the previous period faint; `shown`: number, percent or money."""
    say = _speaker(shown, currency)
    values = [point.value for point in points]
    previous = [point.before for point in points if point.before is not None]
    top = drawing.ceiling([*values, *previous])
    foot = drawing.floor_of([*values, *previous]) if kind == "line" else 0.0
    return {
        "label": label,
        "kind": kind,
        "period": period,
        "before": before if previous else "",
        "plot": drawing.plot(values, previous, top, foot),
        "slots": [
            {"box": box, "url": point.url, "title": title_of(point, unit, before, say)}
            for point, box in zip(points, drawing.slots(len(points)), strict=True)
        ],
        "ticks": [say(top), say((top + foot) / 2), say(foot)],
        "labels": drawing.labels([point.label for point in points], kind),
        "summary": summary_of(points, unit, say),
    }


def _speaker(shown: str, currency: str) -> Say:
    """How a value of the chart is written."""
    if shown == "money":
        return lambda value: formatting.money(round(value), currency)
    return formatting.percent if shown == "percent" else formatting.number


def title_of(point: Point, unit: str, before: str, say: Say) -> str:
    text = f"{point.label}: {say(point.value)} {unit}".rstrip()
    if point.before is None:
        return text
    return f"{text} ({before or _('before')}: {say(point.before)})"


def summary_of(points: Sequence[Point], unit: str, say: Say) -> str:
    """The chart in one sentence, for those who do not see it."""
    if not points:
        return _("No values in this period.")
    best = max(points, key=lambda point: point.value)
    return _("From %(first)s to %(last)s; highest %(top)s %(unit)s at %(at)s, last %(now)s.") % {
        "first": points[0].label, "last": points[-1].label, "top": say(best.value), "unit": unit,
        "at": best.label, "now": say(points[-1].value),
    }  # fmt: skip
