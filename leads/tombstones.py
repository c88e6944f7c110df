"""What is left of people who were erased: hashes that tell a file it must not bring them back.

Keyed by the secret of the installation and the workspace, so that nobody can try addresses on a
copy of the table, nor compare two workspaces. A new SECRET_KEY keeps them readable as long as the
old one is among SECRET_KEY_FALLBACKS.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils.encoding import force_bytes

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.sql import execute, fetch
from leadmgmt.kernel.strict import as_jsonb
from leads.models import Tombstone

Mark = tuple[str, str]

BURY = """
INSERT INTO leads_tombstone (workspace_id, kind, value_hash, erased_at)
SELECT %(workspace)s, kind, hash, %(now)s
FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(kind text, hash text)
ORDER BY kind, hash
ON CONFLICT (workspace_id, kind, value_hash) DO NOTHING
"""
LOOK_UP = """
SELECT stone.kind, stone.value_hash
FROM jsonb_to_recordset(%(rows)s::jsonb) AS asked(kind text, hash text)
JOIN leads_tombstone AS stone ON stone.workspace_id = %(workspace)s
    AND stone.kind = asked.kind AND stone.value_hash = asked.hash
"""


def bury(marks: Iterable[Mark], *, now: datetime) -> int:
    """Remember that whoever these identified was erased; how many are new."""
    key = _keys()[0]
    rows = [{"kind": mark[0], "hash": _hash(key, mark)} for mark in set(marks)]
    return execute(BURY, rows=as_jsonb(rows), now=now) if rows else 0


def buried(marks: Iterable[Mark]) -> frozenset[Mark]:
    """Which of these identified somebody who was erased; one or two statements."""
    if not Tombstone.objects.exists():
        return frozenset()
    asked = {(mark[0], _hash(key, mark)): mark for key in _keys() for mark in set(marks)}
    rows = [{"kind": kind, "hash": hash} for kind, hash in asked]
    found = fetch(LOOK_UP, rows=as_jsonb(rows)) if rows else []
    return frozenset(asked[kind, hash] for kind, hash in found)


def _keys() -> list[bytes]:
    """Of this workspace, the newest first."""
    about = f"leads.tombstones:{current_workspace_id()}".encode()
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hmac.new(force_bytes(each), about, hashlib.sha256).digest() for each in secrets]


def _hash(key: bytes, mark: Mark) -> str:
    return hmac.new(key, ":".join(mark).encode(), hashlib.sha256).hexdigest()
