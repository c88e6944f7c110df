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
FROM jsonb_to_recordset(%s::jsonb) AS row(reaction text, payload jsonb)
"""


def put(rows: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Write (reaction, payload) each, and ring once the transaction has committed."""
    waiting = [{"reaction": reaction, "payload": payload} for reaction, payload in rows]
    with connection.cursor() as cursor:
        cursor.execute(PUT, [current_workspace_id(), json.dumps(waiting)])
    doorbell.ring_on_commit()
