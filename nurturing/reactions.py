"""What nurturing does when something happens elsewhere; bound in `leadmgmt/reactions.py`."""

from django.utils import timezone

from funnel.events import StagesEntered
from nurturing.actions import enrolling


def enrol_entered(event: StagesEntered) -> None:
    """Leave what the old stage started, and begin what the new one starts.

    Leaving happens quietly too: nobody should get letters meant for where they no longer are.
    """
    now = timezone.now()
    enrolling.leave_for_stage(event.ids, stage=event.stage, now=now)
    if not event.is_quiet:
        enrolling.enrol_for_stage(event.ids, stage=event.stage, now=now)
