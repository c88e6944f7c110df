"""The workspace we are in, and the promise that PostgreSQL knows it at every statement.

Row-level security reads `app.workspace_id`. We set it in front of each statement and local to
its transaction, so it can leak neither through a connection pool nor into the next request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

OWNER_ALIAS = "owner"  # migrations; bypasses row security by design

# These say nothing about rows, and the middle one must work in a failed transaction.
UNPREFIXED = ("SAVEPOINT", "ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT")

_workspace_id: ContextVar[UUID | None] = ContextVar("workspace_id", default=None)


class NoWorkspace(RuntimeError):
    """Rows of a workspace were asked for outside any workspace: a fault in our code."""


def current_workspace_id() -> UUID:
    """The workspace we are in; raises NoWorkspace outside."""
    workspace_id = _workspace_id.get()
    if workspace_id is None:
        raise NoWorkspace("Enter a workspace first: `with inside(workspace_id): …`")
    return workspace_id


def workspace_id_or_none() -> UUID | None:
    """The workspace we are in, if any."""
    return _workspace_id.get()


@contextmanager
def inside(workspace_id: UUID | None) -> Iterator[None]:
    """Work inside one workspace, or inside none."""
    token = _workspace_id.set(workspace_id)
    try:
        yield
    finally:
        _workspace_id.reset(token)


def enter(workspace_id: UUID) -> None:
    """Step into a workspace until the surrounding `inside` ends (the door does)."""
    _workspace_id.set(workspace_id)


def each_inside(workspace_id: UUID | None, chunks: Iterator[Any]) -> Iterator[Any]:
    """Chunks of a streamed answer, each made inside the workspace the request was in."""
    while True:
        with inside(workspace_id):
            try:
                chunk = next(chunks)
            except StopIteration:
                return
        yield chunk


def say_workspace(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Execute-wrapper: put the workspace in front of the statement, in the same message."""
    if not str(sql).startswith(UNPREFIXED):
        sql = f"SELECT set_config('app.workspace_id', '{_workspace_id.get() or ''}', true); {sql}"
    return execute(sql, params, many, context)


def _install(connection: BaseDatabaseWrapper, **_: Any) -> None:
    wrappers = connection.execute_wrappers
    if connection.alias != OWNER_ALIAS and say_workspace not in wrappers:
        wrappers.append(say_workspace)


connection_created.connect(_install, dispatch_uid="say_workspace")
