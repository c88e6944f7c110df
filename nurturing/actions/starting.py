"""What a new workspace finds: one sequence to read, change and switch on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.workspaces.models import Member
from leads.models import Stage
from nurturing.actions.drafting import add_step, create_sequence
from nurturing.actions.publishing import pause_sequence, publish_draft
from nurturing.models import Sequence, StepKind, Trigger


def start_sequences(
    *, now: datetime, by: Member | None = None, is_active: bool = False
) -> Sequence:
    """The sequence “Keep in touch” for leads that enter nurturing: two emails a week apart.

    It is published and paused: nothing goes out in anybody's name before they have read it.
    """
    with transaction.atomic():
        sequence = create_sequence(
            _("Keep in touch"), trigger=Trigger.STAGE, trigger_stage=Stage.NURTURING
        )
        draft = sequence.versions.get()
        add_step(draft, kind=StepKind.EMAIL, **_first_email())
        add_step(draft, kind=StepKind.WAIT, wait_days=7)
        add_step(draft, kind=StepKind.EMAIL, **_second_email())
        publish_draft(draft, reason=_("To start with"), by=by, now=now)
        if not is_active:
            pause_sequence(sequence)
    return sequence


def _first_email() -> dict[str, str]:
    return {
        "subject": _("Whenever the time is right, {{ lead.first_name | default: 'hello' }}"),
        "preheader": _("We will keep it short, and rare."),
        "body": _(
            "Hello {{ lead.first_name | default: 'there' }},\n\n"
            "now is not the moment, and that is fine. We will write now and then when we have"
            " something {% if company.name != '' %}{{ company.name }}{% else %}you{% endif %}"
            " can use.\n\n"
            "If things change, just reply to this email.\n\n"
            "{{ owner.name | default: workspace.name }}"
        ),
    }


def _second_email() -> dict[str, str]:
    return {
        "subject": _("One question"),
        "preheader": _("What would have to change?"),
        "body": _(
            "Hello {{ lead.first_name | default: 'there' }},\n\n"
            "one question, if you have a minute: what would have to change for this to become"
            " interesting to you?\n\n"
            "A line is enough; a person reads it.\n\n"
            "{{ owner.name | default: workspace.name }}"
        ),
    }
