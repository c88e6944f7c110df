"""Shape and wording of a policy as people enter it."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.business_time import holiday_countries
from sla.actions import Promise
from sla.models import Policy

LONGEST_HOURS = 240


def _countries() -> list[tuple[str, Any]]:
    return [("", _("No public holidays")), *((code, code) for code in holiday_countries())]


class PolicyForm(forms.Form):
    """A promise in business hours, and the hours of the office."""

    hours = forms.DecimalField(
        label=_("First response within (business hours)"),
        min_value=0.25,
        max_value=LONGEST_HOURS,
        decimal_places=2,
        help_text=_(
            "Counted from the moment a lead becomes an MQL, only while the office is open."
        ),
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day on which the office is open.")},
    )
    opens = forms.TimeField(
        label=_("Opens at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.TimeField(
        label=_("Closes at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    holiday_country = forms.ChoiceField(
        label=_("Public holidays of"), choices=_countries, required=False
    )
    days_off = forms.CharField(
        label=_("Other days off"),
        required=False,
        help_text=_("Dates such as 2026-12-24, separated by commas."),
    )
    reason = forms.CharField(
        label=_("Why this version"),
        max_length=300,
        help_text=_("Both departments will read this beside the version."),
    )

    def clean_days_off(self) -> list[Any]:
        """Dates from a comma-separated line; the error names the word that is none."""
        words = [word.strip() for word in self.cleaned_data["days_off"].split(",") if word.strip()]
        return [self._date(word) for word in words]

    def promise(self) -> Promise:
        """What the action takes."""
        given = self.cleaned_data
        kept = {name: given[name] for name in ("days", "opens", "closes", "days_off")}
        country = given["holiday_country"]
        return Promise(minutes=round(given["hours"] * 60), holiday_country=country, **kept)

    def _date(self, word: str) -> Any:
        try:
            return forms.DateField(input_formats=["%Y-%m-%d"]).clean(word)
        except forms.ValidationError:
            sentence = _("“%(word)s” is not a date; write it as 2026-12-24.") % {"word": word}
            raise forms.ValidationError(sentence) from None


def initial_of(policy: Policy | None) -> dict[str, Any]:
    """The form as the policy in force would fill it."""
    source: Any = policy or Promise()
    names = ("days", "opens", "closes", "holiday_country")
    days_off = ", ".join(day.isoformat() for day in source.days_off)
    hours = f"{source.minutes / 60:g}"
    return {name: getattr(source, name) for name in names} | {"days_off": days_off, "hours": hours}
