"""Shape and wording of what a rep enters in the queue."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from funnel.actions.working import OUTCOMES, AttemptOutcome
from funnel.forms import DayField, OnceForm
from funnel.models import DispositionKind, Playbook
from funnel.queries.playbooks import reasons_of
from leads.kinds import Kind

ATTEMPTS: tuple[tuple[Kind, AttemptOutcome, Any, str], ...] = (
    (Kind.CALL, AttemptOutcome.REACHED, _("Reached by phone"), "phone"),
    (Kind.CALL, AttemptOutcome.NO_ANSWER, _("No answer"), "phone-missed"),
    (Kind.VOICE_MESSAGE, AttemptOutcome.LEFT_MESSAGE, _("Left a voice message"), "voicemail"),
    (Kind.CALL, AttemptOutcome.WRONG_NUMBER, _("Wrong number"), "phone-off"),
    (Kind.EMAIL, AttemptOutcome.SENT, _("Sent an email"), "send"),
    (Kind.EMAIL, AttemptOutcome.REACHED, _("Answered by email"), "mail-check"),
    (Kind.MEETING, AttemptOutcome.REACHED, _("Met"), "calendar-check"),
)
"""What a rep most often has to tell, in the order of the keys 1 to 7."""


def attempt_choices() -> list[tuple[str, Any]]:
    """Every way to reach a lead with everything that can come of it."""
    return [
        (f"{kind}:{outcome}", f"{Kind(kind).label}: {outcome.label}")
        for kind, outcomes in OUTCOMES.items()
        for outcome in outcomes
    ]


class MomentField(forms.DateTimeField):
    """A moment, picked in the browser's own calendar."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class AttemptForm(OnceForm):
    """What a rep tells after trying to reach a lead."""

    attempt = forms.ChoiceField(label=_("How did it go?"), choices=attempt_choices)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    next_step_at = MomentField(label=_("When"), required=False)

    def as_told(self) -> dict[str, Any]:
        """What `log_attempt` takes."""
        told = dict(self.cleaned_data)
        told["kind"], told["outcome"] = told.pop("attempt").split(":")
        return told


class SnoozeForm(forms.Form):
    """Until when a lead is put aside."""

    prefix = "snooze"
    until = MomentField(label=_("Until"))
    reason = forms.CharField(label=_("Why"), required=False, max_length=300)


class HandOverForm(forms.Form):
    """To whom a lead is handed, with a word."""

    prefix = "hand"
    to = forms.ChoiceField(label=_("To whom"))
    word = forms.CharField(label=_("A word to them"), required=False, max_length=200)

    def __init__(self, *args: Any, colleagues: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext("Choose a colleague"))]
        choices += [(str(each.pk), each.name) for each in colleagues]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Why an MQL is accepted, rejected or recycled."""

    reason = forms.ChoiceField(label=_("Reason"))
    return_on = DayField(label=_("Come back on"), required=False)
    words = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, kind: str, playbook: Playbook) -> None:
        super().__init__(data, prefix=kind)
        reasons = [(each.key, each.words) for each in reasons_of(playbook, kind)]
        field: Any = self.fields["reason"]
        field.choices = [("", gettext("Choose a reason")), *reasons]
        if kind != DispositionKind.RECYCLED:
            del self.fields["return_on"]
        if kind == DispositionKind.REJECTED:
            self.fields["words"].help_text = gettext("Marketing reads this in its report.")
