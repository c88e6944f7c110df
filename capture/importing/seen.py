"""Who stands in the rows of a file that were tried already: the memory of a dry run.

Kept beside the file, not in the database and not in memory: identities as hashes, a million
people in some fifty megabytes. Rows are remembered by number, so that a chunk tried again after
a kill forgets first what it had remembered.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import UUID

from leads.actions.identities import Mark, Plan

TABLES = """
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS mark (hash BLOB PRIMARY KEY, kind TEXT, lead BLOB, row INT)
    WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mark_lead ON mark (lead);
CREATE INDEX IF NOT EXISTS mark_row ON mark (row);
"""
AT_ONCE = 500  # parameters of one statement


class Seen:
    """Which identities earlier rows of the file have taken, and for whom."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        database.executescript(TABLES)

    def forget_from(self, row: int) -> None:
        """Forget what this row and later ones took."""
        self.database.execute("DELETE FROM mark WHERE row >= ?", [row])

    def recall(self, plan: Plan, marks: Iterable[Mark]) -> None:
        """Tell the plan whose these identities are by now, where the database does not know."""
        asked = {_hash(mark): mark for mark in marks if mark not in plan.owners}
        leads: dict[bytes, UUID] = {}
        for hash_, lead in self._of("hash, lead", "hash", asked):
            leads[lead] = plan.owners[asked[hash_]] = UUID(bytes=lead)
        for lead, kind in self._of("lead, kind", "lead", leads):
            plan.kinds.setdefault(leads[lead], set()).add(kind)

    def remember(self, claims: Mapping[Mark, UUID], row: int) -> None:
        """These identities are taken by rows from `row` on."""
        rows = [(_hash(mark), mark[0], lead.bytes, row) for mark, lead in claims.items()]
        self.database.executemany("INSERT OR IGNORE INTO mark VALUES (?, ?, ?, ?)", rows)

    def _of(self, columns: str, by: str, values: Iterable[bytes]) -> Iterator[tuple[Any, Any]]:
        left = list(values)
        for start in range(0, len(left), AT_ONCE):
            part = left[start : start + AT_ONCE]
            holes = ",".join("?" * len(part))
            yield from self.database.execute(
                f"SELECT {columns} FROM mark WHERE {by} IN ({holes})",  # noqa: S608  # our own words
                part,
            )


@contextmanager
def seen_in(path: Path | None) -> Iterator[Seen]:
    """The memory kept at `path`, or one that is gone afterwards."""
    with closing(sqlite3.connect(path or ":memory:")) as database:
        yield Seen(database)
        database.commit()


def _hash(mark: Mark) -> bytes:
    return blake2b(f"{mark[0]}:{mark[1]}".encode(), digest_size=12).digest()
