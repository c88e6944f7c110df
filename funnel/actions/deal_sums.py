"""The sums of deals: folded into one row a stage, status and owner, and held against the deals."""

import logging

from django.db import transaction

from leadmgmt.kernel.sql import execute, fetch

log = logging.getLogger(__name__)

FIGURES = "deals, amount, margin, plain, weighed"
KEYS = "stage_id, status, owner_id"
SUMMED = "sum(deals), sum(amount), sum(margin), sum(plain), sum(weighed)"

# Whoever folds at the same time finds these rows gone; what comes in since is not touched.
FOLD = f"""
WITH gone AS (
    DELETE FROM funnel_dealsum WHERE workspace_id = %(workspace)s RETURNING {KEYS}, {FIGURES}
)
INSERT INTO funnel_dealsum (workspace_id, {KEYS}, {FIGURES}, is_folded)
SELECT %(workspace)s, {KEYS}, {SUMMED}, true FROM gone GROUP BY {KEYS} HAVING sum(deals) <> 0
    OR ({SUMMED}) IS DISTINCT FROM (0, 0, 0, 0, 0)
"""  # noqa: S608  # nothing but our own constants go in

# One statement sees deals and sums as of one moment, so work going on meanwhile is no difference.
DIFFERENCES = f"""
WITH counted AS (
    SELECT {KEYS}, count(*) AS deals, sum(coalesce(amount, 0)) AS amount,
        sum(coalesce(margin, 0)) AS margin,
        sum(CASE WHEN probability IS NULL THEN coalesce(amount, 0) ELSE 0 END) AS plain,
        sum(coalesce(amount * probability, 0)) AS weighed
    FROM funnel_deal WHERE workspace_id = %(workspace)s GROUP BY {KEYS}
    UNION ALL
    SELECT {KEYS}, -deals, -amount, -margin, -plain, -weighed
    FROM funnel_dealsum WHERE workspace_id = %(workspace)s
), wrong AS (
    SELECT {KEYS}, {SUMMED} FROM counted GROUP BY {KEYS}
    HAVING ({SUMMED}) IS DISTINCT FROM (0, 0, 0, 0, 0)
)
"""  # noqa: S608
CHECK = f"{DIFFERENCES} SELECT * FROM wrong"  # noqa: S608
REPAIR = f"""{DIFFERENCES}
INSERT INTO funnel_dealsum (workspace_id, {KEYS}, {FIGURES}, is_folded)
SELECT %(workspace)s, wrong.*, false FROM wrong
"""  # noqa: S608


def fold_deal_sums() -> None:
    """Make one row of all that was added to the deals of a stage, status and owner."""
    with transaction.atomic():
        execute(FOLD)


def wrong_deal_sums() -> list[tuple[object, ...]]:
    """Where sums differ from the deals: stage, status, owner, and by how much. None, always."""
    return fetch(CHECK)


def repair_deal_sums() -> int:
    """Make the sums what the deals are; how many were wrong (none, unless triggers were off)."""
    with transaction.atomic():
        repaired = execute(REPAIR)
    if repaired:
        log.error("%d sums of deals differed from the deals and were put right", repaired)
    return repaired
