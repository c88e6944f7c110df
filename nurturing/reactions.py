"""What nurturing does when something happens elsewhere; bound in `leadmgmt/reactions.py`."""

from django.utils import timezone

from capture.events import FormsSubmitted
from funnel.events import StagesEntered, TrainingLettersBounced
from funnel.models import TrainingLetter
from leadmgmt.workspaces.events import WorkspacesCreated
from nurturing.actions import enrolling, starting
from nurturing.actions.bouncing import suppress_bounced


def enrol_entered(event: StagesEntered) -> None:
    """Leave what the old stage started, and begin what the new one starts.

    Leaving happens quietly too: nobody should get letters meant for where they no longer are.
    """
    now = timezone.now()
    enrolling.leave_for_stage(event.ids, stage=event.stage, now=now)
    if event.has_effect("sequences"):
        enrolling.enrol_for_stage(event.ids, stage=event.stage, now=now)


def enrol_submitted(event: FormsSubmitted) -> None:
    """Begin what the form starts."""
    enrolling.enrol_for_form(event.ids, form=event.form, now=timezone.now())


def note_bounced(event: TrainingLettersBounced) -> None:
    """No sequence writes to an address from which a letter of ours came back either."""
    letters = TrainingLetter.objects.filter(pk__in=event.ids)
    suppress_bounced(list(letters.values_list("training__lead_id", "to")), now=timezone.now())


def write_first_sequence(event: WorkspacesCreated) -> None:
    """Give a new workspace a sequence to read, change and switch on."""
    starting.start_sequences(now=timezone.now())
