"""The outbox, where later reactions are put in the transaction of their event."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from leadmgmt.kernel import doorbell
from leadmgmt.kernel.context import current_workspace_id

PUT = """
INSERT INTO kernel_outbox (workspace_id, reaction, payload, attempts, last_error)
SELECT %s, reaction, payload, 0, ''
FROM jsonb_to_recordset(%s::jsonb) AS row(reactions jsonb, payload jsonb),
    jsonb_array_elements_text(reactions) AS reaction
"""


def put(rows: Sequence[tuple[Sequence[str], dict[str, Any]]]) -> None:
    """Write each payload for each of its reactions, and ring once the transaction has committed.

    A payload is spelled out once however many react: that of a batch is long.
    """
    waiting = [{"reactions": reactions, "payload": payload} for reactions, payload in rows]
    with connection.cursor() as cursor:
        cursor.execute(PUT, [current_workspace_id(), json.dumps(waiting)])
    doorbell.ring_on_commit()
