"""Writing down what an import made, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from capture.models import Import, TraceKind
from leadmgmt.kernel.sql import execute
from leadmgmt.kernel.strict import as_jsonb

KEEP = """
INSERT INTO capture_importtrace (workspace_id, of_id, kind, object_id, before, after)
SELECT %(workspace)s, %(of)s, kind, object_id, before, after
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS trace(kind text, object_id uuid, before jsonb, after jsonb)
"""


@dataclass(frozen=True)
class Trace:
    """One thing made; for a company that was changed, what it said before and after.

    Leads made together are one trace, named by the first of them, all of them in `after`.
    """

    kind: str
    object_id: UUID
    before: Any = None
    after: Any = None

    @staticmethod
    def read(kind: str, object_id: UUID, before: str | None, after: str | None) -> Trace:
        """A trace as the database gives it."""
        said = [None if text is None else msgspec.json.decode(text) for text in (before, after)]
        return Trace(kind, object_id, *said)


def traces_of_leads(made: Sequence[UUID]) -> list[Trace]:
    """The leads of a chunk, in one row: a row for each would cost a tenth of the import."""
    return [Trace(TraceKind.LEAD, made[0], None, made)] if made else []


def trace(found: Import, traces: Sequence[Trace]) -> None:
    """Keep the traces, in one statement."""
    if traces:
        execute(KEEP, of=found.pk, rows=as_jsonb(traces))
