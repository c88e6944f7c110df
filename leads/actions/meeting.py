"""Meeting visitors: a browser comes to the site for the first time, or again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.strict import as_jsonb


class NewVisitor(msgspec.Struct, frozen=True):
    """A browser by its token, and what brought it here if it has not been here before."""

    token: str
    first_seen_at: datetime
    source: str = ""
    medium: str = ""
    campaign_id: UUID | None = None


# A visitor who is known already costs one look-up, no write; tokens are taken in order, so that
# two batches cannot wait for each other.
MEET = """
WITH given AS MATERIALIZED (
    SELECT DISTINCT ON (token) * FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
        token text, source text, medium text, campaign_id uuid, first_seen_at timestamptz)
    ORDER BY token, first_seen_at
), known AS MATERIALIZED (
    SELECT visitor.token, visitor.id FROM leads_visitor AS visitor JOIN given USING (token)
    WHERE visitor.workspace_id = %(workspace)s
), fresh AS (
    INSERT INTO leads_visitor (workspace_id, token, source, medium, campaign_id, first_seen_at)
    SELECT %(workspace)s, token, source, medium, campaign_id, first_seen_at FROM given
    WHERE token NOT IN (SELECT token FROM known)
    ON CONFLICT (workspace_id, token) DO UPDATE SET token = excluded.token
    RETURNING token, id
)
SELECT token, id FROM known UNION ALL SELECT token, id FROM fresh
"""


def meet_visitors(rows: Sequence[NewVisitor]) -> dict[str, UUID]:
    """The id of each visitor by token; new ones remember where they came from, for good.

    At most one row per token counts, the earliest. Two meetings of one token at once make one
    visitor.
    """
    if not rows:
        return {}
    values: dict[str, Any] = {"rows": as_jsonb(rows), "workspace": current_workspace_id()}
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(MEET, values)
        return dict(cursor.fetchall())
