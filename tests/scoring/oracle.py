"""The formula of scoring, written down once more as simply as possible: one lead, one rule."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

from leads.models import Grade, Lead
from scoring.models import ModelVersion, Rule

DAY = timedelta(days=1)
Row = tuple[int, int, int, int]  # facts, raw, faded, points


@dataclass(frozen=True)
class Known:
    """A lead at a moment: on which day it was made, and on which days it did what is looked for."""

    lead: Lead
    made_on: date
    days: Sequence[date]
    today: date


def rows_of(version: ModelVersion, rules: Sequence[Rule], known: Known) -> dict[int, Row]:
    """Everything a lead is given, by place; what gives nothing at all is left out."""
    rows = {
        place: row
        for place, rule in enumerate(rules, start=1)
        if (row := profile(rule, known) if rule.kind == "profile" else behaviour(rule, known))
    }
    groups = {rule.group.position: rule.group for rule in rules if rule.group is not None}
    for group in groups.values():
        given = sum(
            rows[place][3]
            for place, rule in enumerate(rules, start=1)
            if place in rows and rule.group is group
        )
        if abs(given) > group.cap:
            kept = group.cap if given > 0 else -group.cap
            rows[-1 - group.position] = (0, given, given, kept - given)
    total = sum(row[3] for row in rows.values())
    kept = min(total, version.most) if version.most is not None else total
    kept = max(kept, version.least) if version.least is not None else kept
    if kept != total:
        rows[0] = (0, total, total, kept - total)
    return rows


def profile(rule: Rule, known: Known) -> Row | None:
    """Points for what a lead is."""
    is_met = {
        "is": known.lead.country == "India",
        "none": known.lead.country != "India",
        "more_than_days_ago": known.today > known.made_on + DAY,
    }[next(key for key in rule.condition if key != "field")]
    return (1, rule.points, rule.points, rule.points) if is_met else None


def behaviour(rule: Rule, known: Known) -> Row | None:
    """Points for what a lead did."""
    first = date.min if rule.window_days is None else known.today - rule.window_days * DAY
    days = sorted(day for day in known.days if first <= day <= known.today)
    wanted = rule.condition
    least = 0 if "never" in wanted else wanted.get("at_least", 0 if "at_most" in wanted else 1)
    most = 0 if "never" in wanted else wanted.get("at_most", len(days))
    if not least <= len(days) <= most:
        return None
    per: dict[str, Mapping[date | None, int]] = {
        "once": {days[-1] if days else None: 1},
        "day": dict.fromkeys(days, 1),
        "occurrence": Counter[date | None](days),
    }
    units = per[rule.per]
    raw = rule.points * sum(units.values())
    left = sum(rule.points * n * share(rule, day, known.today) for day, n in units.items())
    faded = rounded(left)
    bound = rule.cap if rule.cap is not None else 10**9
    return len(days), raw, faded, max(-bound, min(bound, faded))


def share(rule: Rule, day: date | None, today: date) -> float:
    """What is left of points given for a day."""
    if day is None or rule.decay == "none":
        return 1.0
    age = (today - day).days
    if rule.half_life_days is not None:
        return float(0.5 ** (age / rule.half_life_days))
    return next((percent / 100 for after, percent in reversed(rule.steps) if age >= after), 1.0)


def rounded(value: float) -> int:
    """Halves away from 0; what is as near to a half as makes no difference is one."""
    whole = floor(abs(value) + 0.5 + 1e-9)
    return whole if value >= 0 else -whole


def band(version: ModelVersion, score: int) -> str:
    """Hot, warm or cold by the score alone."""
    return "hot" if score >= version.hot_from else "warm" if score >= version.warm_from else "cold"


def grade(bounds: Sequence[int], score: int) -> str:
    """The first grade whose least score is reached."""
    pairs = zip(Grade.values, bounds, strict=False)
    return next((letter for letter, least in pairs if score >= least), "F")
