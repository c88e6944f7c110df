"""Figures: a number always comes with its unit, its period and the rows behind it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from leadmgmt.ui import drawing, formatting

from .library import register
from .status import icon
from .words import UNKNOWN


@register.simple_block_tag
def tiles(content: SafeString, label: str = "") -> SafeString:
    """The grid around `{% tile %}`s."""
    return format_html('<div class="tiles" role="group" aria-label="{}">{}</div>', label, content)


@register.inclusion_tag("ui/tile.html")
def tile(
    label: str,
    value: str,
    unit: str = "",
    period: str = "",
    change: float | None = None,
    good: str = "up",
    url: str = "",
    why: str = "",
    target: str = "",
    points: Sequence[float] = (),
) -> dict[str, Any]:
    """A KPI: `value` is formatted already, `url` opens its rows, `why` says how it counts.

    `change` is a ratio against the period before (0.12 = +12 %); `good="down"` when less is better.
    """
    return {
        "label": label, "value": value, "unit": unit, "period": period, "target": target,
        "change": change_of(change, good), "url": url, "why": why, "spark": drawing.spark(points),
    }  # fmt: skip


@register.inclusion_tag("ui/spark.html")
def spark(points: Sequence[float], label: str = "") -> dict[str, Any]:
    """A small line in a table; `label` says the same in words."""
    return {"path": drawing.spark(points), "label": label}


def change_of(change: float | None, good: str) -> dict[str, str] | None:
    """How a change reads: its words, its arrow, and whether it is welcome."""
    if change is None:
        return None
    flat = abs(change) < 0.0005
    is_good = (change > 0) == (good == "up")
    return {
        "text": formatting.percent(abs(change), 0 if abs(change) >= 0.1 else 1),
        "icon": "minus" if flat else "arrow-up-right" if change > 0 else "arrow-down-right",
        "tone": "neutral" if flat or good == "none" else "green" if is_good else "red",
    }


@register.inclusion_tag("ui/progress.html")
def progress(
    value: float, of: float, label: str, tone: str = "accent", shown: str = ""
) -> dict[str, Any]:
    """A bar filled `value` of `of`, with its words."""
    share = max(0.0, min(1.0, value / of)) if of else 0.0
    return {
        "width": f"{share * 100:.2f}%",
        "label": label,
        "tone": tone,
        "now": round(share * 100),
        "shown": shown,
    }


@register.simple_tag
def score(value: int | None, of: int = 100) -> SafeString:
    """A score in a list: the number and a short bar (no bar below zero)."""
    return UNKNOWN if value is None else _score(value, of, get_language())


@lru_cache(maxsize=1_000)  # a list shows the same few on every row
def _score(value: int, of: int, language: str | None) -> SafeString:
    share = max(0, min(100, round(value * 100 / of))) if of else 0
    return format_html(
        '<span class="score">{}<svg width="28" height="4" aria-hidden="true">'
        '<rect class="track" width="28" height="4" rx="2"/>'
        '<rect class="fill" width="{}" height="4" rx="2"/></svg></span>',
        formatting.number(value),
        round(share * 0.28, 1),
    )


@register.inclusion_tag("ui/contributions.html")
def contributions(rows: Sequence[Any], total: int, label: str = "") -> dict[str, Any]:
    """Why a score is what it is: one stacked bar (negative to the left) and its reasons.

    A row (mapping or object) has `label`, `points`, maybe `why` and `url`; points sum to `total`.
    """
    return {
        "bar": drawing.stack([point_of(row) for row in rows]),
        "rows": rows,
        "total": total,
        "label": label,
    }


def point_of(row: Any) -> tuple[str, float]:
    if isinstance(row, Mapping):
        return str(row["label"]), float(row["points"])
    return str(row.label), float(row.points)


@register.simple_tag
def points(value: float) -> SafeString:
    """Points with their sign: `+15`, `−5`."""
    sign, tone = ("+", "plus") if value > 0 else ("−", "minus") if value < 0 else ("", "zero")
    return format_html(
        '<span class="points" data-sign="{}">{}{}</span>', tone, sign, formatting.number(abs(value))
    )


@register.simple_tag
def yes_no(value: bool | None, yes: str, no: str) -> SafeString:
    """A fact that holds or does not, by sign and word; unknown is a dash."""
    if value is None:
        return format_html('<span class="faint">{}</span>', formatting.UNKNOWN)
    return format_html(
        '<span class="yes-no">{}{}</span>',
        icon("check" if value else "x", 14),
        yes if value else no,
    )
