"""Caps of groups and of the version, as contributions of their own: so the rows always sum."""

from scoring.models import CARRIED
from scoring.rules import Scorer

GROUPED = """
    grouped AS (
        SELECT lead_id, grp AS place, sum(points) AS points FROM fresh
        WHERE grp IS NOT NULL GROUP BY 1, 2
    ), uncapped AS (
        SELECT lead_id, place, facts, raw, faded, points FROM fresh
        UNION ALL
        SELECT lead_id, place, 0, points, points,
            (sign(points) * capped.cap - points)::int
        FROM grouped JOIN (VALUES {caps}) AS capped(place, cap) USING (place)
        WHERE abs(points) > capped.cap
        {carried}
    )
"""
UNGROUPED = "uncapped AS (SELECT lead_id, place, facts, raw, faded, points FROM fresh {carried})"
CARRIED_OVER = f"""
    UNION ALL
    SELECT carried.lead_id, {CARRIED}, 0, carried.points, carried.points, carried.points
    FROM lead JOIN scoring_carryover AS carried
        ON carried.lead_id = lead.id AND carried.cycle = lead.cycle
    WHERE carried.workspace_id = %(workspace)s AND carried.lead_id {{batch}}
      AND carried.model_id = %(model)s
"""  # noqa: S608
BOUNDED = """
    contribution AS MATERIALIZED (
        SELECT * FROM uncapped
        UNION ALL
        SELECT lead_id, 0, 0, sum(points), sum(points),
            (CASE WHEN {is_above} THEN {most} ELSE {least} END - sum(points))::int
        FROM uncapped GROUP BY lead_id HAVING {is_above} OR {is_below}
    )
"""
UNBOUNDED = "contribution AS MATERIALIZED (SELECT * FROM uncapped)"


def is_capped(scorer: Scorer) -> bool:
    """There are contributions beside those of single rules."""
    return bool(scorer.groups) or _is_bounded(scorer) or scorer.is_carrying


def capped_sql(scorer: Scorer, batch: str) -> str:
    """From `fresh`, what the rules give, to `contribution`, with what the caps take or add.

    What an earlier cycle left is added before the bounds of the version.
    """
    carried = CARRIED_OVER.format(batch=batch) if scorer.is_carrying else ""
    caps = ", ".join(f"({each.place}, {each.cap})" for each in scorer.groups)
    grouped = (GROUPED if caps else UNGROUPED).format(caps=caps, carried=carried)
    return f"{grouped}, {_bounded_sql(scorer) if _is_bounded(scorer) else UNBOUNDED}"


def _is_bounded(scorer: Scorer) -> bool:
    return (scorer.least, scorer.most) != (None, None)


def _bounded_sql(scorer: Scorer) -> str:
    return BOUNDED.format(
        least=_number(scorer.least),
        most=_number(scorer.most),
        is_above="false" if scorer.most is None else f"sum(points) > {scorer.most}",
        is_below="false" if scorer.least is None else f"sum(points) < {scorer.least}",
    )


def _number(bound: int | None) -> str:
    return "NULL" if bound is None else str(int(bound))
