"""Leads whose effects are held back while a release is on its way."""

from collections.abc import Sequence
from uuid import UUID

from leadmgmt.kernel.sql import execute, fetch
from scoring.models import OPEN

# The lot comes from the id alone: the same leads go first whenever, and wherever, it is drawn.
LOT = """
(get_byte(sha256(lead_id::text::bytea), 0) * 65536 + get_byte(sha256(lead_id::text::bytea), 1) * 256
    + get_byte(sha256(lead_id::text::bytea), 2)) %% 10000
"""
HOLD = f"""
INSERT INTO scoring_heldlead (workspace_id, release_id, lead_id, lot, is_promoted)
SELECT %(workspace)s, %(release)s, lead_id, {LOT}, false
FROM unnest(%(leads)s::uuid[]) AS moved (lead_id)
ON CONFLICT DO NOTHING
"""  # noqa: S608
CARRY_ON = """
INSERT INTO scoring_heldlead (workspace_id, release_id, lead_id, lot, is_promoted)
SELECT workspace_id, %(release)s, lead_id, lot, false FROM scoring_heldlead
WHERE workspace_id = %(workspace)s AND release_id = %(before)s AND released_at IS NULL
ON CONFLICT DO NOTHING
"""
# Thousands of leads are asked for at once, when a day begins: as one value, not one each.
HELD = """
SELECT DISTINCT held.lead_id FROM scoring_heldlead AS held
JOIN scoring_release AS release
    ON release.workspace_id = %(workspace)s AND release.id = held.release_id
WHERE held.workspace_id = %(workspace)s AND held.lead_id = ANY(%(leads)s::uuid[])
  AND held.released_at IS NULL AND release.state = ANY(%(open)s)
"""


def hold(release_id: UUID, lead_ids: Sequence[UUID]) -> None:
    """Hold these leads until the release lets them go."""
    execute(HOLD, release=release_id, leads=list(lead_ids))


def carry_on(before: UUID, release_id: UUID) -> None:
    """Whoever still waits in a release waits in another one now."""
    execute(CARRY_ON, before=before, release=release_id)


def held_among(lead_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these leads that wait in a release that may still let them go."""
    return {row[0] for row in fetch(HELD, leads=list(lead_ids), open=list(OPEN))}
