"""The Celery face of the kernel, and the workspace that travels with every task."""

from typing import Any
from uuid import UUID

from celery import Task, current_task, shared_task
from celery.signals import before_task_publish

from leadmgmt.kernel import doorbell
from leadmgmt.kernel.context import inside, workspace_id_or_none
from leadmgmt.kernel.drain import drain

HEADER = "workspace_id"


class WorkspaceTask(Task):
    """A task runs inside the workspace it was sent from."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Enter the workspace named in the message, also on retries and in eager mode."""
        with inside(_of_request(self.request) or workspace_id_or_none()):
            return super().__call__(*args, **kwargs)


def send_workspace_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Name the workspace in the message.

    The next step of a chain is published after its predecessor has left its workspace, so the
    running task's own header is the second place to look.
    """
    workspace_id = workspace_id_or_none() or _of_request(getattr(current_task, "request", None))
    if headers is not None and workspace_id is not None:
        headers.setdefault(HEADER, str(workspace_id))


before_task_publish.connect(send_workspace_along, dispatch_uid="send_workspace_along", weak=False)


def _of_request(request: Any) -> UUID | None:
    named = getattr(request, HEADER, None) or (getattr(request, "headers", None) or {}).get(HEADER)
    return UUID(named) if named else None


@shared_task
def drain_outbox() -> int:
    """Do what waits in the outbox; rung by the doorbell and swept by the beat."""
    doorbell.hear()
    return drain()
