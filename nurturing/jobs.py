"""What the worker repeats: take due steps, send what is planned, settle what is in doubt."""

from datetime import datetime

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.fencing import workspaces_due
from leadmgmt.kernel.postman import Postman
from nurturing.actions.advancing import advance_enrolments
from nurturing.actions.sending import LEASE, claim_messages, note_outcomes, settle_overdue

ROUNDS = 20  # steps, and batches of messages, before it is the next workspace's turn


def advance_due(*, now: datetime) -> int:
    """Let what is due take a step, in every workspace; how many steps were taken."""
    taken = 0
    for workspace_id in workspaces_due("nurturing_due_enrolments", now):
        with inside(workspace_id):
            for _ in range(ROUNDS):
                advanced = advance_enrolments(now=now)
                taken += advanced
                if not advanced:
                    break
    return taken


def send_due(*, now: datetime) -> int:
    """Send what is planned, in every workspace in turn; how many messages were dealt with.

    None, if the mail server cannot be reached: more of the same is no use before the next sweep.
    """
    dealt = 0
    with Postman() as postman:
        for workspace_id in workspaces_due("nurturing_due_messages", now):
            with inside(workspace_id):
                dealt += _send_some(postman, now)
    return 0 if postman.is_turned_away else dealt


def settle_due(*, now: datetime) -> int:
    """Show what is in doubt; how many messages are."""
    settled = 0
    for workspace_id in workspaces_due("nurturing_overdue_messages", now - LEASE):
        with inside(workspace_id):
            settled += settle_overdue(now=now)
    return settled


def send_batch(postman: Postman, *, now: datetime) -> int:
    """Claim, hand over, note: one batch of the current workspace; how many were claimed."""
    taken, claimed = claim_messages(now=now)
    outcomes = [(each, postman.deliver(each.mail)) for each in claimed]
    if outcomes:
        note_outcomes(outcomes, now=now)
    return taken


def _send_some(postman: Postman, now: datetime) -> int:
    dealt = 0
    for _ in range(ROUNDS):
        taken = 0 if postman.is_turned_away else send_batch(postman, now=now)
        dealt += taken
        if not taken:
            break
    return dealt
