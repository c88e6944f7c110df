"""The file of an import, how it is written, where its columns go, and whose people it holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capture.actions.mapping import Settings
from capture.importing.limits import LARGEST_FILE, refuse_size
from capture.importing.plans import IN_DOUBT
from capture.importing.targets import (
    COMPANY,
    COMPANY_ATTRIBUTE,
    LEAD,
    NEW,
    NEW_OF_COMPANY,
    live_fields,
    purposes,
)
from capture.importing.text import DELIMITERS, ENCODINGS
from capture.models import DateOrder, Import, Known, Match, Origin, Use
from leadmgmt.kernel.refusals import Refusal
from leads.models import Campaign, FieldKind

MEGABYTES = LARGEST_FILE // 1024 // 1024
ABOUT_PEOPLE = ("origin", "licence", "expires_on", "uses")


class UploadForm(forms.Form):
    """The file of an import."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        help_text=gettext_lazy(
            "CSV or XLSX with the names of the columns in the first row; up to 512 MB and a "
            "million rows."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self) -> Any:
        """Before anything is read."""
        file = self.cleaned_data["file"]
        try:
            refuse_size(file.size)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal
        return file


class RereadForm(forms.Form):
    """How a file of text is written, where we guessed wrong."""

    encoding = forms.ChoiceField(
        label=gettext_lazy("Letters"),
        choices=list(ENCODINGS.items()),
        help_text=gettext_lazy("Choose another one if names below look garbled."),
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Cells are parted by"), choices=list(DELIMITERS.items())
    )


class MappingForm(forms.Form):
    """Where each column goes, and how the import behaves. Columns are `column-<number>`."""

    identity = forms.ChoiceField(
        label=gettext_lazy("What tells people apart"),
        required=False,
        choices=Match.choices,
        help_text=gettext_lazy(
            "A row whose value is known already is about that lead instead of a new one."
        ),
    )
    known = forms.ChoiceField(label=gettext_lazy("People we know already"), choices=Known.choices)
    date_order = forms.ChoiceField(
        label=gettext_lazy("Dates"), choices=DateOrder.choices, required=False
    )
    unknown_words = forms.CharField(
        label=gettext_lazy("Words that mean “unknown”"),
        required=False,
        max_length=2_000,
        help_text=gettext_lazy("Separated by commas. Empty cells are always unknown."),
        widget=forms.TextInput,
    )
    fires = forms.TypedChoiceField(
        label=gettext_lazy("Rules and sequences"),
        coerce=lambda value: value == "yes",
        choices=[
            ("no", gettext_lazy("Record quietly: no stage moves, no emails")),
            ("yes", gettext_lazy("Fire rules and sequences as for any new lead")),
        ],
    )
    campaign: Any = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"),
        queryset=None,  # known only inside a workspace
        required=False,
        empty_label=gettext_lazy("None"),
        help_text=gettext_lazy("What these leads are counted under, if they have none yet."),
    )
    origin = forms.ChoiceField(label=gettext_lazy("Whose data it is"), choices=Origin.choices)
    licence = forms.CharField(
        label=gettext_lazy("Licence, or where it is from"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For example: order 4711 of List Broker Ltd, 5 May 2026."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("May be used until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy(
            "After that day the leads it made are no longer emailed or called. Empty: for ever."
        ),
    )
    uses = forms.MultipleChoiceField(
        label=gettext_lazy("They may be approached by"),
        required=False,
        choices=Use.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "New leads get “do not email” or “do not call” where it is not permitted."
        ),
    )

    def __init__(self, found: Import, data: Any = None) -> None:
        super().__init__(data, initial=_initial(found))
        self.found = found
        self.fields["campaign"].queryset = Campaign.objects.order_by("name")  # type: ignore[attr-defined]
        self._ask_about_dates()
        choices = targets()
        for number, target in enumerate(found.mapping):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=found.columns[number]["header"],
                choices=choices,
                initial=target,
                required=False,
                widget=forms.Select(attrs={"class": "input"}),
            )

    def _ask_about_dates(self) -> None:
        """Only where a date of the file could be read both ways."""
        doubtful = [each for each in self.found.columns if each.get("date_order") == IN_DOUBT]
        if not doubtful:
            del self.fields["date_order"]
            return
        self.fields["date_order"].help_text = _(
            "“%(column)s” holds %(date)s: say whether the day or the month comes first."
        ) % {"column": doubtful[0]["header"], "date": doubtful[0].get("in_doubt", "")}

    @property
    def columns(self) -> list[tuple[dict[str, Any], Any]]:
        """Each column that has a name or a value, with its field."""
        return [
            (column, self[f"column-{number}"])
            for number, column in enumerate(self.found.columns)
            if column["header"]
        ]

    @property
    def options(self) -> list[Any]:
        """The fields that are about the whole file."""
        return [
            field
            for field in self
            if not field.name.startswith("column-") and field.name not in ABOUT_PEOPLE
        ]

    @property
    def about_people(self) -> list[Any]:
        """The fields that are about whose people these are."""
        return [self[name] for name in ABOUT_PEOPLE]

    def settings(self) -> Settings:
        """What was decided, for the action."""
        clean = self.cleaned_data
        return Settings(
            mapping=[clean[f"column-{number}"] for number in range(len(self.found.columns))],
            identity=clean["identity"],
            unknown_words=clean["unknown_words"].split(","),
            known=clean["known"],
            date_order=clean.get("date_order", ""),
            is_quiet=not clean["fires"],
            campaign_id=clean["campaign"].pk if clean["campaign"] else None,
            origin=clean["origin"],
            licence=clean["licence"],
            expires_on=clean["expires_on"],
            uses=clean["uses"],
        )


def targets() -> list[Any]:
    """Where a column may go, in groups."""
    own: Mapping[str, list[tuple[str, str]]] = {"lead": [], "company": []}
    for target, each in live_fields().items():
        subject = "company" if target.startswith(COMPANY_ATTRIBUTE) else "lead"
        own[subject].append((target, each.label))
    asked = [(target, _("Consent: %s") % each.name) for target, each in purposes().items()]
    groups: Sequence[tuple[Any, list[Any]]] = [
        (_("Lead"), list(LEAD.items())),
        (_("Company"), list(COMPANY.items())),
        (_("Custom fields of leads"), own["lead"]),
        (_("Custom fields of companies"), own["company"]),
        (_("Consents"), asked),
        (_("Make a field of leads"), _new(NEW)),
        (_("Make a field of companies"), _new(NEW_OF_COMPANY)),
    ]
    return [("", _("Leave out")), *((name, group) for name, group in groups if group)]


def _new(prefix: str) -> list[tuple[str, str]]:
    text = _("New field: %s") if prefix == NEW else _("New company field: %s")
    return [(f"{prefix}{kind}", text % label) for kind, label in FieldKind.choices]


def _initial(found: Import) -> dict[str, Any]:
    return {
        "identity": found.identity,
        "unknown_words": ", ".join(found.unknown_words),
        "known": found.known,
        "date_order": found.date_order,
        "fires": "no" if found.is_quiet else "yes",
        "campaign": found.campaign_id,
        "origin": found.origin,
        "licence": found.licence,
        "expires_on": found.expires_on,
        "uses": found.uses,
    }
