"""Shape and wording of teams, absences and working hours."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from leadmgmt.workspaces.actions.working_times import Hours
from leadmgmt.workspaces.business_time import holiday_countries
from leadmgmt.workspaces.forms import time_zone_choices
from leadmgmt.workspaces.models import Member, Team, WorkingTime

OF_OFFICE = ("", _("As the office"))


def present_members() -> Any:
    """Who may be chosen, by name."""
    return Member.objects.colleagues().order_by("name", "id")


class TeamForm(forms.Form):
    """What a team is called, what it is for, and who is in it."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Such as “South” or “Key accounts”.")
    )
    purpose = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=Member._base_manager.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        field: Any = self.fields["members"]
        field.queryset = present_members()


def values_of(team: Team) -> dict[str, Any]:
    """The form as the team would fill it."""
    members = [each.member_id for each in team.seats.all()]
    return {"name": team.name, "purpose": team.purpose, "members": members}


class AbsenceForm(forms.Form):
    """Who is away, and when."""

    member = forms.ModelChoiceField(label=_("Who"), queryset=Member._base_manager.none())
    from_on = forms.DateField(
        label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until_on = forms.DateField(
        label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    word = forms.CharField(
        label=_("In a word"), max_length=60, required=False, help_text=_("Such as “Holiday”.")
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        field: Any = self.fields["member"]
        field.queryset = present_members()


def _countries() -> list[tuple[str, Any]]:
    return [OF_OFFICE, *((code, code) for code in sorted(holiday_countries()))]


def _zones() -> list[tuple[str, Any]]:
    return [("", _("The workspace's")), *time_zone_choices()]


class HoursForm(forms.Form):
    """When a team or a member works, where that differs from the office."""

    days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one working day.")},
    )
    opens = forms.TimeField(
        label=_("Begins at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    closes = forms.TimeField(
        label=_("Ends at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, required=False)
    holiday_country = forms.ChoiceField(
        label=_("Public holidays of"), choices=_countries, required=False
    )

    def hours(self) -> Hours:
        """What the action takes."""
        return Hours(**self.cleaned_data)


def hours_initial(own: WorkingTime | None, office: Any) -> dict[str, Any]:
    """The form as these hours, or the office's, would fill it."""
    if own:
        return own.as_values()
    if office is None:
        return {"days": list(range(5)), "opens": "09:00", "closes": "18:00"}
    return {"days": sorted(office.days), "opens": office.opens, "closes": office.closes}
