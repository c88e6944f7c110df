"""What a person says to have a model trained, or chosen."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.conditions import Calendar, calendar_at, known_fields
from leads.models import Stage
from scoring.cases import BY_FIELD, Study
from scoring.cases.studies import LONGEST, TELLING
from scoring.cases.values import tells

OUTCOMES = (
    (Stage.SQL.value, _("becomes an SQL")),
    (Stage.CUSTOMER.value, _("becomes a customer")),
    (BY_FIELD, _("a field says so (for imported history)")),
)
A_YEAR = timedelta(days=365)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class TrainForm(forms.Form):
    """Which leads, when one decides, what counts as success, what nobody may look at."""

    outcome = forms.ChoiceField(label=_("A good lead is one that"), choices=OUTCOMES)
    field = forms.ChoiceField(
        label=_("Which field"),
        required=False,
        help_text=_("Only when a field says so."),
    )
    value = forms.CharField(
        label=_("What it says of a good lead"),
        required=False,
        max_length=200,
        help_text=_("For a yes-or-no field: yes or no."),
    )
    created_from = _day(_("Learn from leads that came from"))
    created_to = _day(_("up to and including"))
    wait_days = forms.IntegerField(
        label=_("Decide after, days"),
        min_value=0,
        max_value=LONGEST,
        help_text=_(
            "What is known so many days after a lead came is what the model learns from; nothing "
            "later. 0 for imported history."
        ),
    )
    within_days = forms.IntegerField(
        label=_("Give them, days"),
        min_value=0,
        max_value=LONGEST,
        help_text=_("So long after that a lead has time to become a good one."),
    )
    without = forms.MultipleChoiceField(
        label=_("Leave out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Fields your people fill in when they already know how it went."),
    )

    def __init__(self, data: Any, calendar: Calendar, study: Study | None = None) -> None:
        super().__init__(data, initial=_initial(calendar, study))
        self.calendar = calendar
        fields = known_fields()
        self.fields["field"].choices = [("", "–")] + [  # type: ignore[attr-defined]
            (name, str(each.label).capitalize())
            for name, each in fields.items()
            if each.kind in TELLING and not each.is_company and (each.is_custom or tells(each))
        ]
        self.fields["without"].choices = [  # type: ignore[attr-defined]
            (name, str(each.label)) for name, each in fields.items() if tells(each)
        ]

    def study(self) -> Study:
        """What is asked; the last day counts whole."""
        said = dict(self.cleaned_data)
        start: date = said.pop("created_from")
        end: date = said.pop("created_to")
        return Study(
            created_from=self.calendar.start_of(start),
            created_to=self.calendar.start_of(end) + timedelta(days=1),
            without=frozenset(said.pop("without")),
            **said,
        )


def _initial(calendar: Calendar, study: Study | None) -> dict[str, Any]:
    if study is None:
        first = calendar.today - 2 * A_YEAR
        days = {"wait_days": 14, "within_days": 90}
        return {"created_from": first, "created_to": calendar.today, **days}
    return {
        "outcome": study.outcome,
        "field": study.field,
        "value": study.value,
        "created_from": study.created_from.astimezone(calendar.zone).date(),
        "created_to": study.last.astimezone(calendar.zone).date(),
        "wait_days": study.wait_days,
        "within_days": study.within_days,
        "without": sorted(study.without),
    }


def train_form(data: Any, now: datetime, study: Study | None = None) -> TrainForm:
    """The form in the calendar of the workspace."""
    return TrainForm(data, calendar_at(now), study)


class ChooseForm(forms.Form):
    """Why this version is to be shown."""

    reason = forms.CharField(
        label=_("Why this version?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the list of versions, beside your name."),
    )
