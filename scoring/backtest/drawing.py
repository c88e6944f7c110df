"""Where the shapes of the charts of a rehearsal stand: plain numbers in, positions out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from leadmgmt.ui import drawing
from leadmgmt.ui.components.charts import Point
from leadmgmt.ui.formatting import day, number, percent
from leads.models import LeadClass

HEIGHT = 160


@dataclass(frozen=True)
class Curves:
    """One or two lines over the share of cases, and the line of chance."""

    lines: Sequence[str]
    chance: str
    ticks: Sequence[str]
    summary: str


@dataclass(frozen=True)
class BandBar:
    """A band of scores: its bar, the ends of its interval, and what it says when pointed at."""

    x: str
    width: str
    y: str
    height: str
    middle: str
    low: str
    high: str
    title: str
    is_handed: bool


@dataclass(frozen=True)
class BandChart:
    """Win rate by band of one version."""

    bars: Sequence[BandBar]
    ticks: Sequence[str]
    labels: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Flow:
    """Leads of one class today, parted by what they would be."""

    label: str
    kind: str
    count: int
    parts: Sequence["FlowPart"] = field(default_factory=tuple)


@dataclass(frozen=True)
class FlowPart:
    """A piece of such a bar, and the leads behind it."""

    x: str
    width: str
    kind: str
    title: str
    to: str
    count: int


def gain_curves(versions: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Curves:
    """The part of all winners among the best so many of the cases."""
    lines = [drawing.line([caught for _, caught in each["gains"]], 1.0) for each in versions]
    chance = drawing.line([share for share, _ in versions[0]["gains"]], 1.0)
    said = [
        _("%(name)s: %(caught)s among the best fifth")
        % {"name": name, "caught": percent(each["best"]["caught"], 0)}
        for name, each in zip(names, versions, strict=True)
    ]
    ticks = [percent(share, 0) for share in (1, 0.5, 0)]
    return Curves(lines, chance, ticks, "; ".join(said))


def lift_curves(versions: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Curves:
    """How many times as many winners as chance would put among the best so many."""
    lifts = [[caught / share for share, caught in each["gains"] if share] for each in versions]
    top = drawing.ceiling([lift for side in lifts for lift in side])
    said = [
        _("%(name)s: %(lift)s times chance among the best twentieth")
        % {"name": name, "lift": number(side[0], 1)}
        for name, side in zip(names, lifts, strict=True)
    ]
    lines = [drawing.line(side, top) for side in lifts]
    chance = drawing.line([1.0] * len(lifts[0]), top)
    ticks = [number(each, 1) for each in (top, top / 2, 0)]
    return Curves(lines, chance, ticks, "; ".join(said))


def band_chart(version: Mapping[str, Any], top: float) -> BandChart:
    """Bars with intervals, low scores to the left."""
    bands = version["bands"]
    slot = 100 / len(bands)
    bars = [_bar(each, nth * slot, slot, top, version["line"]) for nth, each in enumerate(bands)]
    labels = [
        (f"{(nth + 0.5) * slot:.2f}", number(each["first"])) for nth, each in enumerate(bands)
    ]
    return BandChart(bars, [percent(top, 0), percent(top / 2, 0), percent(0, 0)], labels)


def top_of_bands(versions: Sequence[Mapping[str, Any]]) -> float:
    """One scale for both versions."""
    highs = [each["high"] for version in versions for each in version["bands"]]
    return min(drawing.ceiling(highs), 1.0)


def _bar(band: Mapping[str, Any], x: float, slot: float, top: float, line: int) -> BandBar:
    def height(share: float) -> float:
        return share / top * HEIGHT

    title = _("%(first)s to %(last)s points: %(rate)s of %(cases)s (%(low)s to %(high)s)") % {
        "first": number(band["first"]),
        "last": number(band["last"]),
        "rate": percent(band["rate"]),
        "cases": number(band["cases"]),
        "low": percent(band["low"]),
        "high": percent(band["high"]),
    }
    return BandBar(
        f"{x + slot * 0.12:.2f}",
        f"{slot * 0.76:.2f}",
        f"{HEIGHT - height(band['rate']):.1f}",
        f"{height(band['rate']):.1f}",
        f"{x + slot / 2:.2f}",
        f"{HEIGHT - height(band['low']):.1f}",
        f"{max(HEIGHT - height(band['high']), 0):.1f}",
        title,
        band["last"] >= line,
    )


def week_points(weeks: Sequence[Sequence[Any]], *, is_beside: bool) -> list[Point]:
    """Leads at the line by week, the version in force faint."""
    return [
        Point(day(date.fromisoformat(each[0])), each[2], each[3] if is_beside else None)
        for each in weeks
    ]


def flows(moves: Sequence[tuple[str, str, int]]) -> list[Flow]:
    """A bar for each class of today, as long as the most frequent one is wide."""
    order = {name: nth for nth, name in enumerate(LeadClass.values)}
    totals: dict[str, int] = {}
    for old, _new, count in moves:
        totals[old] = totals.get(old, 0) + count
    found = []
    for old in sorted(totals, key=lambda each: order.get(each, len(order))):
        mine = sorted(
            ((new, count) for was, new, count in moves if was == old),
            key=lambda each: order.get(each[0], len(order)),
        )
        found.append(Flow(class_label(old), old, totals[old], tuple(_parts(mine, totals[old]))))
    return found


def _parts(mine: Sequence[tuple[str, int]], total: int) -> list[FlowPart]:
    x, parts = 0.0, []
    for new, count in mine:
        width = count / total * 100
        title = _("%(count)s become %(class)s") % {
            "count": number(count),
            "class": class_label(new).lower(),
        }
        parts.append(FlowPart(f"{x:.2f}%", f"{width:.2f}%", new or "none", title, new, count))
        x += width
    return parts


def class_label(name: str) -> str:
    """Of a class, or of having none yet."""
    return str(LeadClass(name).label) if name else _("No class yet")
