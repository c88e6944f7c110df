"""What an external closer of the demo was handed: two calls to make, one that is done."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from funnel.closing.handing import close_handover, hand_to_closer, note_opening, sight
from funnel.models import Closing, Handover
from leadmgmt.workspaces.models import Member
from leads.models import Lead, Stage

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CALLS = 3
SOLD_TO = (Stage.SQL, Stage.MQL)  # rather the former
TASK = "Confirm the demo, and ask who else of the firm should see it."
SAID = "Comes with the head of IT; asks for the prices of 40 seats before."


def hand_out_calls(members: Mapping[str, UUID], *, now: datetime) -> None:
    """Three leads handed over two days ago, until the end of next week; one was called."""
    closer, manager = (Member.objects.get(pk=members[key]) for key in ("closer", "manager"))
    handed_at = now - 2 * DAY
    held = Lead.objects.filter(stage__in=SOLD_TO, owner__isnull=False)
    known = held.filter(stage_entered_at__lt=handed_at).exclude(phone="").exclude(do_not_call=True)
    newest = known.order_by("-stage", "-stage_entered_at", "id")
    ids = list(newest.values_list("pk", flat=True)[:CALLS])
    until = now + 8 * DAY
    hand_to_closer(ids, closer=closer, what=TASK, until=until, by=manager, now=handed_at)
    called = Handover.objects.filter(closer=closer).order_by("lead__stage_entered_at").first()
    if called:
        note_opening(called, saw=sight(), now=now - DAY - HOUR)
        close_handover(called, outcome=Closing.AGREED, note=SAID, by=closer, now=now - DAY)
