"""What is asked when a draft is published."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from scoring.actions.terms import Terms
from scoring.following import MQL, following


class PublishForm(forms.Form):
    """Why the model changes, and whether anything reacts to it."""

    reason = forms.CharField(
        label=_("Why does the model change?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the list of versions, beside your name."),
    )
    effects = forms.MultipleChoiceField(
        label=_("What may follow"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Choose nothing, and only the figures change. Scores switch at once in any case; what "
            "you choose is let go lead by lead, in stages and under the caps, while new facts of "
            "a lead count as always."
        ),
    )
    hourly_cap = forms.IntegerField(
        label=_("New MQLs an hour, at most"), min_value=1, required=False, initial=50
    )
    total_cap = forms.IntegerField(
        label=_("New MQLs in all, at most"), min_value=1, required=False, initial=300
    )
    shares = forms.CharField(
        label=_("Stages, in per cent"),
        initial="1, 10, 100",
        required=False,
        help_text=_("The same leads go first each time; 100 alone lets everybody go."),
    )
    hours = forms.IntegerField(
        label=_("Hours from stage to stage"),
        min_value=1,
        required=False,
        help_text=_("Empty: each stage waits for your click."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(each.name, each.label) for each in following().effects]
        cast(forms.MultipleChoiceField, self.fields["effects"]).choices = [
            (MQL, _("Become MQLs and enter the queue")),
            *others,
        ]

    def clean_shares(self) -> tuple[int, ...]:
        """Whole numbers, however they are parted."""
        words = self.cleaned_data["shares"].replace("%", " ").replace(",", " ").split()
        if any(not word.isdecimal() or len(word) > 3 for word in words):
            raise forms.ValidationError(_("Stages are whole numbers, such as 1, 10, 100."))
        return tuple(map(int, words))

    @property
    def terms(self) -> Terms | None:
        """What may follow, and how; None where nothing may."""
        given = self.cleaned_data
        if not given["effects"]:
            return None
        return Terms(
            effects=tuple(given["effects"]),
            total_cap=given["total_cap"],
            hourly_cap=given["hourly_cap"],
            shares=given["shares"],
            hours=given["hours"],
        )
