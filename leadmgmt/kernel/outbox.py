"""The outbox, where later reactions are put in the transaction of their event."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from leadmgmt.kernel import doorbell
from leadmgmt.kernel.context import current_workspace_id

PUT = """
INSERT INTO kernel_outbox (workspace_id, reaction, payload, attempts, last_error)
SELECT %s, %s, payload, 0, '' FROM jsonb_array_elements(%s::jsonb) AS payload
"""


def put(reaction: str, payloads: Sequence[dict[str, Any]]) -> None:
    """Write the rows, and ring once the transaction has committed."""
    with connection.cursor() as cursor:
        cursor.execute(PUT, [current_workspace_id(), reaction, json.dumps(payloads)])
    doorbell.ring_on_commit()
