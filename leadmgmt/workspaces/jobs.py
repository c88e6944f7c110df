"""What the worker repeats for workspaces."""

from datetime import datetime

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.fencing import workspaces_due
from leadmgmt.workspaces.actions.mailing import claim_unmailed, hand_back
from leadmgmt.workspaces.letters import send_notices


def mail_notices(*, now: datetime) -> int:
    """Mail what members have not seen, in every workspace; how many letters went."""
    sent = 0
    for workspace_id in workspaces_due("workspaces_due_mail", now):
        with inside(workspace_id):
            while claimed := claim_unmailed(now=now):
                count, refused = send_notices(claimed)
                sent += count
                if refused:
                    hand_back(refused)
                    break
    return sent
