"""Geometry of the small charts: plain numbers in, positions out; templates make them SVG.

Charts stretch with the page (`preserveAspectRatio="none"`), so they hold shapes, never text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 600.0, 160.0


@dataclass(frozen=True)
class Box:
    """A rectangle in percent of the width, or in chart units."""

    x: float
    width: float
    y: float = 0.0
    height: float = 0.0
    title: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Stack:
    """A stacked bar: zero at `zero` percent, negative boxes to its left."""

    zero: float
    boxes: list[Box]


def spark(values: Sequence[float], width: float = 72.0, height: float = 20.0) -> str:
    """An SVG path through the values, or "" for fewer than two."""
    if len(values) < 2:
        return ""
    low, span = min(values), (max(values) - min(values)) or 1.0
    step = width / (len(values) - 1)
    points = [
        (step * i, height - 1 - (height - 2) * (value - low) / span)
        for i, value in enumerate(values)
    ]
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def stack(rows: Sequence[tuple[str, float]]) -> Stack:
    """Contributions side by side around zero, largest next to it; rows of nothing are left out."""
    below = [row for row in rows if row[1] < 0]
    above = [row for row in rows if row[1] > 0]
    whole = sum(abs(points) for _label, points in rows) or 1.0
    zero = sum(-points for _label, points in below) / whole * 100
    return Stack(zero, [*_side(below, whole, zero, -1), *_side(above, whole, zero, 1)])


def _side(
    rows: Sequence[tuple[str, float]], whole: float, zero: float, direction: int
) -> Iterator[Box]:
    edge = zero
    for i, (label, points) in enumerate(sorted(rows, key=lambda row: -abs(row[1]))):
        share = abs(points) / whole * 100
        left = edge if direction > 0 else edge - share
        edge += direction * share
        kind = f"plus-{i % 3}" if direction > 0 else "minus"
        yield Box(round(left, 2), round(share, 2), title=f"{label}: {points:+g}", kind=kind)


def ceiling(values: Sequence[float]) -> float:
    """A round number at or above the largest value, for the top of the axis."""
    top = max(values, default=0)
    if top <= 0:
        return 1.0
    unit = 10 ** floor(log10(top))
    steps = (1, 2, 3, 4, 5, 6, 8, 10)
    return float(next(step * unit for step in steps if step * unit >= top - 1e-9))


def floor_of(values: Sequence[float]) -> float:
    """Zero, or a round number at or below the smallest value, for the foot of the axis."""
    least = min(values, default=0)
    return -ceiling([-least]) if least < 0 else 0.0


def line(values: Sequence[float], top: float, foot: float = 0.0) -> str:
    """A path over the whole width; one value becomes a flat line."""
    if not values:
        return ""
    spread = list(values) * 2 if len(values) == 1 else list(values)
    step = WIDTH / (len(spread) - 1)
    return "M" + " L".join(
        f"{i * step:.1f} {_height(value, top, foot):.1f}" for i, value in enumerate(spread)
    )


def area(values: Sequence[float], top: float, foot: float = 0.0) -> str:
    path = line(values, top, foot)
    return f"{path} L{WIDTH:.0f} {HEIGHT:.0f} L0 {HEIGHT:.0f} Z" if path else ""


def bars(values: Sequence[float], top: float, share: float = 0.56) -> list[Box]:
    """One bar per value, filling `share` of its slot."""
    slot = WIDTH / max(len(values), 1)
    return [
        Box(
            round(slot * i + slot * (1 - share) / 2, 2),
            round(slot * share, 2),
            round(_height(value, top), 2),
            round(HEIGHT - _height(value, top), 2),
        )
        for i, value in enumerate(values)
    ]


def slots(count: int) -> list[Box]:
    """Full-height areas that carry the tool tip and the link of each value."""
    slot = WIDTH / max(count, 1)
    return [Box(round(slot * i, 2), round(slot, 2), 0, HEIGHT) for i in range(count)]


def picked(count: int, wanted: int = 6) -> list[int]:
    """Which values are named under the axis: the first, the last and some between."""
    if count <= wanted:
        return list(range(count))
    step = ceil((count - 1) / (wanted - 1))
    return [*range(0, count - step // 2 - 1, step), count - 1]


@dataclass(frozen=True)
class Label:
    """A name under the axis at `x` percent; an `extra` one gives way on a narrow screen."""

    text: str
    x: float
    anchor: str = "middle"
    extra: bool = False


def labels(texts: Sequence[str], kind: str) -> list[Label]:
    """Where names stand under the axis: below points, or below each of a few bars."""
    count = len(texts)
    if kind == "bar" and count <= 12:
        return [
            Label(text, round((i + 0.5) * 100 / count, 2), extra=i % 2 == 1)
            for i, text in enumerate(texts)
        ]
    chosen = picked(count)
    kept = {0, len(chosen) // 2, len(chosen) - 1}
    anchors = {0: "start", count - 1: "end"}
    return [
        Label(
            texts[i],
            round(i * 100 / max(count - 1, 1), 2),
            anchors.get(i, "middle"),
            extra=place not in kept,
        )
        for place, i in enumerate(chosen)
    ]


def _height(value: float, top: float, foot: float = 0.0) -> float:
    return HEIGHT - HEIGHT * (max(foot, value) - foot) / (top - foot)


def plot(
    values: Sequence[float], before: Sequence[float], top: float, foot: float = 0.0
) -> dict[str, object]:
    """All shapes of a trend; the template picks those of its kind. Bars stand on zero."""
    return {
        "line": line(values, top, foot),
        "area": area(values, top, foot),
        "bars": bars(values, top),
        "before_line": line(before, top, foot),
        "before_bars": bars(before, top, 0.8) if before else [],
    }
