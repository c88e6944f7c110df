"""The other side of the fence: rows of globex that must stay unseen and as they are."""

from typing import Any
from uuid import UUID

from leadmgmt.kernel.context import inside
from tests.architecture import catalogue
from tests.architecture.routes import MISSING, Route
from tests.architecture.rows import Rows
from tests.architecture.test_tenancy import tenant_tables
from tests.worlds import GLOBEX

CANARY = "canary"
NOT_TAKEN = 405


def foreign_rows() -> dict[str, UUID]:
    """A row of every table, in globex; all its texts say so."""
    made = Rows(text=CANARY)
    with inside(GLOBEX):
        found = {table: made.one(table).get("id") for table in tenant_tables()}
    return {table: row_id for table, row_id in found.items() if isinstance(row_id, UUID)}


def state() -> dict[str, Any]:
    """What globex holds, to the last character."""
    with inside(GLOBEX):
        return dict(catalogue.rows(" UNION ALL ".join(map(_digest, tenant_tables()))))


def in_question(route: Route, foreign: dict[str, UUID], missing: int) -> list[tuple[str, UUID]]:
    """The foreign rows to ask a method about that answered `missing` to a row that is not.

    A page that does not take the method says so before it looks for any row: one row shows it.
    """
    found = candidates(route, foreign)
    return found[:1] if missing == NOT_TAKEN else found


def candidates(route: Route, foreign: dict[str, UUID]) -> list[tuple[str, UUID]]:
    """Foreign rows a page may be about: those of its app, and leads and members."""
    if not route.has_id:
        return [("", MISSING)]
    app = route.name.partition(":")[0]
    if route.is_api:
        app = route.view.__module__.partition(".")[0]
    prefixes = (f"{app}_", "leads_lead", "workspaces_member")
    return [(table, row_id) for table, row_id in foreign.items() if table.startswith(prefixes)]


def text(answer: Any) -> str:
    """All that was sent, streamed or not."""
    chunks = answer.streaming_content if answer.streaming else [answer.content]
    return b"".join(chunks).decode(errors="replace")


def _digest(table: str) -> str:
    digest = "md5(string_agg(each::text, '|' ORDER BY each::text))"
    return f"SELECT '{table}', {digest} FROM \"{table}\" AS each"
