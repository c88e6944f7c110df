"""What the worker repeats for the funnel."""

from datetime import datetime

from django.utils import timezone

from funnel.actions.arranging import rearrange_queue
from funnel.actions.coming_back import LEADS_PER_ROUND, bring_back
from funnel.actions.deal_sums import fold_deal_sums, repair_deal_sums
from funnel.care.chasing import tell_of_late_steps
from funnel.care.reminding import remind_of_renewals
from funnel.customers.keeping import repair_customers
from funnel.health.judging import judge_customers
from funnel.mailing import posting
from funnel.routing.giving import route_waiting
from leadmgmt.kernel.context import inside
from leadmgmt.kernel.fencing import workspaces_due
from leadmgmt.kernel.postman import Postman

LETTER_ROUNDS = 20  # batches of letters, before it is the next workspace's turn


def bring_everybody_back() -> int:
    """Bring back from nurturing whose day has come, in all workspaces; how many."""
    now = timezone.now()
    total = 0
    for workspace_id in workspaces_due("funnel_due_returns", now):
        with inside(workspace_id):
            while (handled := bring_back(now=now)) == LEADS_PER_ROUND:
                total += handled
        total += handled
    return total


def rearrange_all_queues() -> int:
    """Put right what stands wrong in the queue, in all workspaces; how many leads moved."""
    moved = 0
    for workspace_id in workspaces_due("funnel_with_queue", timezone.now()):
        with inside(workspace_id):
            moved += rearrange_queue()
    return moved


def route_everybody_waiting() -> int:
    """Try again for leads that nobody could take, in all workspaces; how many got an owner."""
    now, given = timezone.now(), 0
    for workspace_id in workspaces_due("funnel_due_waits", now):
        with inside(workspace_id):
            given += route_waiting(now=now).given
    return given


def remind_of_all_renewals(now: datetime | None = None) -> int:
    """Remind of renewals that come near, in all workspaces; of how many."""
    moment, told = now or timezone.now(), 0
    for workspace_id in workspaces_due("funnel_due_renewals", moment):
        with inside(workspace_id):
            while dealt := remind_of_renewals(now=moment):
                told += dealt
    return told


def tell_of_all_late_steps(now: datetime | None = None) -> int:
    """Tell of onboarding steps that became overdue, in all workspaces; of how many."""
    moment, told = now or timezone.now(), 0
    for workspace_id in workspaces_due("funnel_due_steps", moment):
        with inside(workspace_id):
            while dealt := tell_of_late_steps(now=moment):
                told += dealt
    return told


def send_all_letters(now: datetime | None = None) -> int:
    """Send the letters that are planned, in all workspaces, and show what is in doubt.

    How many were dealt with; none, if the mail server cannot be reached.
    """
    moment, dealt = now or timezone.now(), 0
    for workspace_id in workspaces_due("funnel_overdue_letters", moment - posting.LEASE):
        with inside(workspace_id):
            posting.settle_overdue(now=moment)
    with Postman() as postman:
        for workspace_id in workspaces_due("funnel_due_letters", moment):
            with inside(workspace_id):
                dealt += _send_some(postman, moment)
    return dealt


def _send_some(postman: Postman, now: datetime) -> int:
    dealt = 0
    for _round in range(LETTER_ROUNDS):
        taken, claimed = posting.claim_letters(now=now)
        outcomes = [(each, postman.deliver(each.mail)) for each in claimed]
        if outcomes:
            posting.note_outcomes(outcomes, now=now)
        dealt += taken
        if not taken or postman.is_turned_away:
            break
    return dealt


def fold_all_deal_sums() -> int:
    """Fold what was added to the sums of deals; in how many workspaces."""
    due = workspaces_due("funnel_due_deal_sums", timezone.now())
    for workspace_id in due:
        with inside(workspace_id):
            fold_deal_sums()
    return len(due)


def check_all_deal_sums() -> int:
    """Hold the sums against the deals wherever there are any; how many were wrong."""
    wrong = 0
    for workspace_id in workspaces_due("funnel_with_deals", timezone.now()):
        with inside(workspace_id):
            wrong += repair_deal_sums()
    return wrong


def check_all_customers() -> int:
    """Hold customers against stages and deals wherever there are any; how many were wrong."""
    now, wrong = timezone.now(), 0
    for workspace_id in workspaces_due("funnel_with_customers", now):
        with inside(workspace_id):
            wrong += repair_customers(now=now)
            judge_customers(None, now=now)
    return wrong
