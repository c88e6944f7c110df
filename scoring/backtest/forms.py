"""What a person says to have a version asked about the past."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.conditions import Calendar, calendar_at, known_fields
from leads.models import Lead
from scoring.backtest.asking import fields_asked
from scoring.cases import Study
from scoring.models import BackTest, ModelVersion
from scoring.predicting.forms import TrainForm

PATIENCE = ((14, 90), (7, 30), (3, 14), (1, 7))
"""Days to decide and to wait for the outcome: the longest that the age of the leads allows."""
A_YEAR = 365


class BackTestForm(TrainForm):
    """Which version, which leads, when one decides, what counts as success, what is left out."""

    version = forms.ChoiceField(label=_("Version"))

    def __init__(
        self,
        data: Any,
        calendar: Calendar,
        study: Study,
        versions: Sequence[ModelVersion],
    ) -> None:
        super().__init__(data, calendar, study)
        self.versions = {str(each.pk): each for each in versions}
        choices: Any = self.fields
        choices["version"].choices = [(key, str(each)) for key, each in self.versions.items()]
        labels = known_fields()
        choices["without"].choices = [
            (name, str(labels[name].label)) for name in fields_asked(versions) if name in labels
        ]
        choices["created_from"].label = _("Leads that came from")
        choices["wait_days"].help_text = _(
            "Each lead is scored by what was known so many days after it came, nothing later. 0 "
            "for imported history."
        )
        choices["without"].help_text = _(
            "Rules that ask for these fields are left out: for fields your people fill in when "
            "they already know how it went."
        )

    def chosen(self) -> ModelVersion:
        """The version to be tested."""
        return self.versions[self.cleaned_data["version"]]

    def study(self) -> Study:
        """What is asked; the last day counts whole."""
        version = self.cleaned_data.pop("version")
        try:
            return super().study()
        finally:
            self.cleaned_data["version"] = version


def back_test_form(
    data: Any, now: Any, versions: Sequence[ModelVersion], last: BackTest | None
) -> BackTestForm:
    """The form in the calendar of the workspace, as the last back-test was asked."""
    calendar = calendar_at(now)
    study = Study.from_json(last.study) if last is not None else usual_study(calendar)
    return BackTestForm(data, calendar, study, versions)


def usual_study(calendar: Calendar) -> Study:
    """The last year of leads whose outcome can be known by now, as patient as their age allows."""
    first = Lead.objects.order_by("created_at").values_list("created_at", flat=True).first()
    oldest = first.astimezone(calendar.zone).date() if first else calendar.today
    age = (calendar.today - oldest).days
    fitting = (each for each in PATIENCE if 2 * sum(each) <= age)
    wait, within = next(fitting, PATIENCE[-1])
    end = calendar.day(-wait - within)
    start = max(min(oldest, end - timedelta(days=1)), end - timedelta(days=A_YEAR))
    return Study(_start(calendar, start), _start(calendar, end), wait_days=wait, within_days=within)


def _start(calendar: Calendar, day: date) -> Any:
    return calendar.start_of(day)
