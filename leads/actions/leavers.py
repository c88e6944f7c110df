"""What comes back is not given to an owner who has left meanwhile, or is a closer now.

While it was away nobody could give it to somebody else; so it is nobody's, and can be claimed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.actions.activities import record_alike
from leads.actions.firm_history import keep_company_changes
from leads.actions.profiles import Door
from leads.kinds import Kind

TAKE_FROM_LEAVERS = """
UPDATE {table} AS row SET owner_id = NULL FROM workspaces_member AS owner
WHERE row.workspace_id = %(workspace)s AND row.id = ANY(%(ids)s::uuid[])
  AND owner.workspace_id = %(workspace)s AND owner.id = row.owner_id
  AND (owner.left_at IS NOT NULL OR owner.role = 'closer')
RETURNING row.id, owner.id
"""


def leads_from_leavers(ids: Sequence[UUID], *, by: Member | None, now: datetime) -> None:
    """Make leads that are back nobody's where their owner has left; the timeline tells."""
    gone = _taken("leads_lead", ids)
    told = {"owner": ""}
    publish(
        record_alike(
            sorted(gone), Kind.ASSIGNED, told, by.pk if by else None, now=now, is_quiet=True
        )
    )


def companies_from_leavers(ids: Iterable[UUID], *, door: Door, now: datetime) -> None:
    """The same for companies; their history tells."""
    gone = _taken("leads_company", list(ids))
    changes = [(id, {"owner": str(was)}, {"owner": None}) for id, was in sorted(gone.items())]
    keep_company_changes(changes, door=door, now=now)


def owner_still_here(patch: Mapping[str, Any]) -> dict[str, Any]:
    """The `owner_id` of a row that is written back: nobody, for who has left."""
    owner_id = patch.get("owner_id")
    if owner_id is None or Member.objects.colleagues().filter(pk=owner_id).exists():
        return {}
    return {"owner_id": None}


def _taken(table: str, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    return dict(fetch(TAKE_FROM_LEAVERS.format(table=table), ids=list(ids))) if ids else {}
