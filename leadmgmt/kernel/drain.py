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
FRESH = 30  # seconds; whoever is due for longer may have been begun by a worker that died
NEVER_CAME_BACK = "Each worker that began this died; it may need more memory or time than it has."

# The oldest row that nobody holds decides the reaction; then its like are claimed with it.
CLAIM = """
WITH oldest AS (
    SELECT reaction FROM kernel_outbox
    WHERE workspace_id = %(workspace)s AND set_aside_at IS NULL AND attempts = 0
      AND due_at <= statement_timestamp()
      AND due_at > statement_timestamp() - make_interval(secs => %(fresh)s)
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)
SELECT id, reaction, payload FROM kernel_outbox
WHERE workspace_id = %(workspace)s AND set_aside_at IS NULL AND attempts = 0
  AND due_at <= statement_timestamp()
  AND due_at > statement_timestamp() - make_interval(secs => %(fresh)s)
  AND reaction = (SELECT reaction FROM oldest)
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""

# A row tried before is begun alone, so that it takes no neighbour down with it. What is begun is
# not due for a while; a row begun often enough without an end is set aside.
BEGIN = """
WITH oldest AS (
    SELECT id, reaction, attempts FROM kernel_outbox
    WHERE workspace_id = %(workspace)s AND set_aside_at IS NULL
      AND due_at <= statement_timestamp()
      AND (attempts > 0 OR due_at <= statement_timestamp() - make_interval(secs => %(fresh)s))
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
), begun AS (
    SELECT waiting.id FROM kernel_outbox AS waiting, oldest
    WHERE waiting.workspace_id = %(workspace)s AND waiting.set_aside_at IS NULL
      AND waiting.reaction = oldest.reaction
      AND (waiting.id = oldest.id
           OR oldest.attempts = 0 AND waiting.attempts = 0
              AND waiting.due_at <= statement_timestamp() - make_interval(secs => %(fresh)s))
    ORDER BY waiting.id LIMIT %(limit)s FOR UPDATE OF waiting SKIP LOCKED
)
UPDATE kernel_outbox AS waiting SET
    attempts = least(attempts + 1, %(tries)s),
    last_error = CASE WHEN attempts >= %(tries)s THEN %(died)s ELSE last_error END,
    due_at = now() + make_interval(secs => least(%(longest)s, 2 ^ (attempts + 1))),
    set_aside_at = CASE WHEN attempts >= %(tries)s THEN now() END
FROM begun
WHERE waiting.workspace_id = %(workspace)s AND waiting.id = begun.id
RETURNING waiting.id, waiting.set_aside_at IS NULL
"""

CLAIM_THESE = """
SELECT id, reaction, payload FROM kernel_outbox
WHERE workspace_id = %s AND id = ANY(%s) AND set_aside_at IS NULL
ORDER BY id FOR UPDATE SKIP LOCKED
"""

PUT_OFF = """
UPDATE kernel_outbox SET
    attempts = attempts + 1,
    last_error = %(error)s,
    due_at = now() + make_interval(secs => least(%(longest)s, 2 ^ (attempts + 1))),
    set_aside_at = CASE WHEN attempts + 1 >= %(tries)s THEN now() END
WHERE workspace_id = %(workspace)s AND id = %(id)s
"""

# The attempt was counted, and the row put off, when it was begun.
GIVE_UP = """
UPDATE kernel_outbox SET
    last_error = %(error)s,
    set_aside_at = CASE WHEN attempts >= %(tries)s THEN now() END
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
        is_more = False
        for handle in (_handle_fresh, _handle_begun):
            has_worked, handled = handle()
            is_more, done = is_more or has_worked, done + handled
    return done


def _handle_fresh() -> tuple[bool, int]:
    """Was there something to do, and the number of rows done; failed ones are put off."""
    claimed: list[Row] = []
    try:
        with transaction.atomic():
            claimed = _rows(CLAIM, _about_rows())
            _handle(claimed)
    except Exception:
        log.exception("A batch of %d outbox rows failed; trying them one by one", len(claimed))
        return True, sum(_handle_alone(row[0], PUT_OFF) for row in claimed)
    return bool(claimed), len(claimed)


def _handle_begun() -> tuple[bool, int]:
    """The same for rows a worker may have died of: the attempt is counted before it is made."""
    begun = _begin()
    ids = [row_id for row_id, is_to_be_done in begun if is_to_be_done]
    try:
        return bool(begun), _handle_these(ids) if ids else 0
    except Exception:
        log.exception("%d outbox rows that waited long failed; trying them one by one", len(ids))
        return True, sum(_handle_alone(row_id, GIVE_UP) for row_id in ids)


def _handle_alone(row_id: int, put_off: str) -> int:
    """One row by itself, so that a poisoned one cannot hold up its neighbours."""
    try:
        return _handle_these([row_id])
    except Exception as problem:
        log.exception("Outbox row %d failed", row_id)
        _put_off(row_id, problem, put_off)
        return 0


@transaction.atomic
def _handle_these(ids: Sequence[int]) -> int:
    claimed = _rows(CLAIM_THESE, [current_workspace_id(), list(ids)])
    _handle(claimed)
    return len(claimed)


@transaction.atomic
def _begin() -> list[tuple[int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, _about_rows())
        return sorted(cursor.fetchall())


def _about_rows() -> dict[str, Any]:
    return {
        "workspace": current_workspace_id(),
        "limit": ROWS_PER_CLAIM,
        "fresh": FRESH,
        "longest": LONGEST_WAIT,
        "tries": TRIES,
        "died": NEVER_CAME_BACK,
    }


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


def _put_off(row_id: int, problem: Exception, statement: str) -> None:
    error = f"{type(problem).__name__}: {problem}"[:2_000].replace("\0", "")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, _about_rows() | {"id": row_id, "error": error})


def _rows(sql: str, params: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [(row_id, name, json.loads(text)) for row_id, name, text in cursor.fetchall()]
