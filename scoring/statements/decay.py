"""How points fade: the share that is left of a day's points, and when less will be left.

All hits of a rule halve in the same time, so the next day on which their rounded sum differs is
known without looking at the days between. None of this stands in the SQL of a version in which
nothing fades.
"""

from collections.abc import Sequence

from scoring.rules import BehaviourRule, Fading

FAINTEST = 60  # half-lives after which nothing is left that could be rounded to a point
EPSILON = 1e-9  # shares are added in any order; what is so near to a half is a half
NEARLY = 1e-6  # of a day: to look early costs a look, to look late would be wrong

SHARES = """,
    coalesce(sum({share} * hit.count) FILTER (WHERE hit.day <= {today}), 0) AS fact_shares,
    coalesce(sum({share}) FILTER (WHERE hit.day <= {today}), 0) AS day_shares,
    coalesce(max({share}) FILTER (WHERE hit.day <= {today}), 0) AS newest_share
"""


def shares_sql(rules: Sequence[BehaviourRule], age: str, today: str) -> str:
    """What is left of one point for each fact, for each day, and for the newest day alone."""
    shares = {rule.place: _share(rule.fading, age) for rule in rules if rule.fading}
    return SHARES.format(share=_by_place(shares, "1.0::float8"), today=today)


def next_step_sql(rules: Sequence[BehaviourRule], age: str) -> str:
    """The day of a hit's next step; NULL after the last one, or without steps."""
    steps = {
        rule.place: _next_step(rule.fading.steps, age)
        for rule in rules
        if rule.fading and rule.fading.steps
    }
    return _by_place(steps, "NULL::date") if steps else "NULL::date"


def rounded_sql(value: str) -> str:
    """Whole points; halves are rounded away from 0."""
    return f"(sign({value}) * floor(abs({value}) + {0.5 + EPSILON}))::bigint"


def next_fading_sql(value: str, rounded: str, half_life: str, today: str) -> str:
    """The day on which a sum that halves in so many days will be rounded to something else.

    |value| / 2^(t/H) falls below |rounded| - ½ after t = H · log2(|value| / (|rounded| - ½)).
    """
    days = f"{half_life} * ln(abs({value}) / (abs({rounded}) - 0.5::float8)) / ln(2.0::float8)"
    return (
        f"CASE WHEN {half_life} IS NOT NULL AND {rounded} <> 0"
        f" THEN {today} + greatest(1, ceil({days} - {NEARLY}))::int END"
    )


def _by_place(pieces: dict[int, str], other: str) -> str:
    cases = " ".join(f"WHEN {place} THEN {piece}" for place, piece in pieces.items())
    return f"CASE rule.place {cases} ELSE {other} END"


def _share(fading: Fading, age: str) -> str:
    if fading.half_life is not None:
        return f"power(2.0::float8, -least({age} / {fading.half_life}.0::float8, {FAINTEST}))"
    cases = " ".join(
        f"WHEN {age} >= {days} THEN {percent} / 100.0::float8"
        for days, percent in reversed(fading.steps)
    )
    return f"CASE {cases} ELSE 1.0::float8 END"


def _next_step(steps: Sequence[tuple[int, int]], age: str) -> str:
    cases = " ".join(f"WHEN {age} < {days} THEN hit.day + {days}" for days, _percent in steps)
    return f"CASE {cases} END"
