"""What the worker repeats for imports."""

from datetime import datetime

from capture.actions.expiring import discard_files, expire_imports
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.fencing import workspaces_due
from leads import storing


def expire_licences(*, now: datetime) -> int:
    """Close imports whose licence is over, in every workspace; how many leads changed."""
    changed = 0
    for workspace_id in workspaces_due("capture_due_expiry", now):
        with inside(workspace_id):
            changed += expire_imports(now=now)
    return changed


def discard_old_files(*, now: datetime) -> int:
    """Let go of files of imports that are long over, in every workspace; of how many imports."""
    gone = 0
    for workspace_id in storing.workspaces():
        with inside(workspace_id):
            gone += discard_files(now=now)
    return gone
