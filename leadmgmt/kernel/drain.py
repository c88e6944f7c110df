"""Draining the outbox: doing the later reactions.

A row is written in the transaction of the event and deleted in the transaction of the reaction,
so its database effects happen exactly once, whatever dies in between. Redis only rings the bell.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from leadmgmt.kernel import events
from leadmgmt.kernel.context import current_workspace_id, inside
from leadmgmt.kernel.fencing import workspaces_due

log = logging.getLogger(__name__)

ROWS_PER_CLAIM = 200
TRIES = 8
LONGEST_WAIT = 3_600  # seconds between two tries of a failing row

# The oldest row that nobody holds decides the reaction; then its like are claimed with it.
CLAIM = """
WITH oldest AS (
    SELECT reaction FROM kernel_outbox
    WHERE workspace_id = %(workspace)s AND set_aside_at IS NULL AND due_at <= statement_timestamp()
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
SELECT id, reaction, payload FROM kernel_outbox
WHERE workspace_id = %(workspace)s AND set_aside_at IS NULL AND due_at <= statement_timestamp()
  AND reaction = (SELECT reaction FROM oldest)
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""

CLAIM_ONE = """
SELECT id, reaction, payload FROM kernel_outbox
WHERE workspace_id = %s AND id = %s AND set_aside_at IS NULL AND due_at <= statement_timestamp()
FOR UPDATE SKIP LOCKED
"""

PUT_OFF = """
UPDATE kernel_outbox SET
    attempts = attempts + 1,
    last_error = %(error)s,
    due_at = now() + make_interval(secs => least(%(longest)s, 2 ^ (attempts + 1))),
    set_aside_at = CASE WHEN attempts + 1 >= %(tries)s THEN now() END
WHERE workspace_id = %(workspace)s AND id = %(id)s
"""

Row = tuple[int, str, dict[str, Any]]


def drain() -> int:
    """Do everything that is due, in all workspaces; the number of rows done.

    Any number of workers may drain at once.
    """
    done = 0
    while workspaces := workspaces_due("kernel_due_outbox"):
        before = done
        for workspace_id in workspaces:
            with inside(workspace_id):
                done += drain_workspace()
        if done == before:  # what is left is in other workers' hands, or was put off
            break
    return done


def drain_workspace() -> int:
    """Do everything that is due in the current workspace; the number of rows done."""
    done, is_more = 0, True
    while is_more:
        is_more, handled = _handle_like_rows()
        done += handled
    return done


def _handle_like_rows() -> tuple[bool, int]:
    """Was there something to do, and the number of rows done; failed ones are put off."""
    claimed: list[Row] = []
    try:
        with transaction.atomic():
            claimed = _claim()
            _handle(claimed)
    except Exception:
        log.exception("A batch of %d outbox rows failed; trying them one by one", len(claimed))
        return bool(claimed), sum(_handle_alone(row[0]) for row in claimed)
    return bool(claimed), len(claimed)


def _handle_alone(row_id: int) -> int:
    """One row by itself, so that a poisoned one cannot hold up its neighbours."""
    try:
        with transaction.atomic():
            claimed = _rows(CLAIM_ONE, [current_workspace_id(), row_id])
            _handle(claimed)
    except Exception as problem:
        log.exception("Outbox row %d failed", row_id)
        _put_off(row_id, problem)
        return 0
    return len(claimed)


def _claim() -> list[Row]:
    return _rows(CLAIM, {"workspace": current_workspace_id(), "limit": ROWS_PER_CLAIM})


def _handle(claimed: Sequence[Row]) -> None:
    """Merge the rows' events, react, and delete the rows; inside the caller's transaction."""
    if not claimed:
        return
    reaction, event_type = _known_reaction(claimed[0][1])
    happened = [event_type.from_payload(payload) for _, _, payload in claimed]
    for event in event_type.merged(happened):
        reaction.call(event)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kernel_outbox WHERE workspace_id = %s AND id = ANY(%s)",
            [current_workspace_id(), [row[0] for row in claimed]],
        )


def _known_reaction(name: str) -> tuple[events.Reaction, type[events.Event]]:
    for reaction, event_type in events.later_reactions():
        if reaction.name == name:
            return reaction, event_type
    raise LookupError(f"No reaction is called {name}; the release that wrote this row had one.")


def _put_off(row_id: int, problem: Exception) -> None:
    values: dict[str, Any] = {
        "workspace": current_workspace_id(),
        "id": row_id,
        "error": f"{type(problem).__name__}: {problem}"[:2_000].replace("\0", ""),
        "longest": LONGEST_WAIT,
        "tries": TRIES,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PUT_OFF, values)


def _rows(sql: str, params: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [(row_id, name, json.loads(text)) for row_id, name, text in cursor.fetchall()]
