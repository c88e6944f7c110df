"""Where the shapes of the scoring charts stand, in percent of the width and in units of height."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.models import ModelVersion
from scoring.queries import Bar

HEIGHT = 160


@dataclass(frozen=True)
class DrawnBar:
    """One bar of the histogram, with what it says when pointed at."""

    x: str
    width: str
    y: str
    height: str
    kind: str
    title: str


@dataclass(frozen=True)
class Mark:
    """A threshold: a line at a score."""

    x: str
    label: str
    kind: str


@dataclass(frozen=True)
class Chart:
    """The distribution of scores."""

    bars: Sequence[DrawnBar]
    marks: Sequence[Mark]
    ticks: Sequence[tuple[str, int]]
    top: int


def drawn_histogram(bars: Sequence[Bar], version: ModelVersion, line: int | None) -> Chart | None:
    """Bars of the scores and the thresholds that lie between the ends."""
    if not bars:
        return None
    top = max(bar.count for bar in bars)
    slot = 100 / len(bars)
    drawn = [_bar(bar, at * slot, slot, top) for at, bar in enumerate(bars)]
    marks = [
        mark
        for score, label, kind in _thresholds(version, line)
        if (mark := _mark(score, label, kind, bars)) is not None
    ]
    step = max(1, len(bars) // 6)
    ticks = [(f"{at * slot:.2f}", bars[at].first) for at in range(0, len(bars), step)]
    return Chart(drawn, marks, ticks, top)


def _bar(bar: Bar, x: float, slot: float, top: int) -> DrawnBar:
    height = bar.count / top * HEIGHT
    height = max(height, 1.5) if bar.count else 0
    leads = ngettext("%(count)s lead", "%(count)s leads", bar.count) % {"count": bar.count}
    title = _("%(first)s to %(last)s points: %(leads)s") % {
        "first": bar.first,
        "last": bar.last,
        "leads": leads,
    }
    return DrawnBar(
        f"{x + slot * 0.06:.2f}",
        f"{slot * 0.88:.2f}",
        f"{HEIGHT - height:.1f}",
        f"{height:.1f}",
        bar.lead_class,
        title,
    )


def _thresholds(version: ModelVersion, line: int | None) -> list[tuple[int, str, str]]:
    marks = [
        (version.warm_from, _("warm from %(score)s") % {"score": version.warm_from}, "warm"),
        (version.hot_from, _("hot from %(score)s") % {"score": version.hot_from}, "hot"),
    ]
    if line is not None:
        marks.append((line, _("MQL from %(score)s") % {"score": line}, "line"))
    return marks


def _mark(score: int, label: str, kind: str, bars: Sequence[Bar]) -> Mark | None:
    first, end = bars[0].first, bars[-1].last + 1
    if not first <= score <= end:
        return None
    return Mark(f"{(score - first) / (end - first) * 100:.2f}", label, kind)
