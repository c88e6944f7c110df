"""Shape and wording of what members enter: files and their mapping, forms and their questions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capture.actions.mapping import Settings
from capture.importing.columns import ATTRIBUTE, IDENTITIES, NEW, TARGETS
from capture.importing.tables import LARGEST_FILE
from capture.models import Form, Import
from capture.questions import ATTRIBUTE as QUESTION_ATTRIBUTE
from capture.questions import BUILT_IN, Question
from capture.touches import split_safely
from leads.models import Campaign, CustomField, FieldKind


class UploadForm(forms.Form):
    """The file of an import."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        help_text=gettext_lazy(
            "CSV or XLSX with the names of the columns in the first row; up to 50 MB and "
            "200,000 rows."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self) -> Any:
        """Before anything is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 50 MB; split it."))
        return file


class MappingForm(forms.Form):
    """Where each column goes, and how the import behaves. Columns are `column-<number>`."""

    identity = forms.ChoiceField(
        label=gettext_lazy("What tells leads apart"),
        required=False,
        help_text=gettext_lazy(
            "A row whose value is known already updates that lead instead of making another."
        ),
    )
    unknown_words = forms.CharField(
        label=gettext_lazy("Words that mean “unknown”"),
        required=False,
        max_length=2_000,
        help_text=gettext_lazy("Separated by commas. Empty cells are always unknown."),
        widget=forms.TextInput,
    )
    overwrites = forms.TypedChoiceField(
        label=gettext_lazy("Known leads"),
        coerce=lambda value: value == "yes",
        choices=[
            ("no", gettext_lazy("Fill in only what we do not know yet")),
            ("yes", gettext_lazy("Replace what we know with what the file says")),
        ],
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

    def __init__(self, found: Import, custom: Mapping[str, CustomField], data: Any = None) -> None:
        super().__init__(data, initial=_initial(found))
        self.found = found
        self.fields["identity"].choices = [  # type: ignore[attr-defined]
            ("", _("Nothing: every row is a new lead")),
            *((each, TARGETS[each]) for each in IDENTITIES),
        ]
        self.fields["campaign"].queryset = Campaign.objects.order_by("name")  # type: ignore[attr-defined]
        choices = targets(custom)
        for number, target in enumerate(found.mapping):
            header = found.columns[number]["header"]
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=header,
                choices=choices,
                initial=target,
                required=False,
                widget=forms.Select(attrs={"class": "input"}),
            )

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
        return [field for field in self if not field.name.startswith("column-")]

    def settings(self) -> Settings:
        """What was decided, for the action."""
        clean = self.cleaned_data
        return Settings(
            mapping=[clean[f"column-{number}"] for number in range(len(self.found.columns))],
            identity=clean["identity"],
            unknown_words=clean["unknown_words"].split(","),
            overwrites=clean["overwrites"],
            is_quiet=not clean["fires"],
            campaign_id=clean["campaign"].pk if clean["campaign"] else None,
        )


def targets(custom: Mapping[str, CustomField]) -> list[Any]:
    """Where a column may go, in groups."""
    known = [(f"{ATTRIBUTE}{key}", each.label) for key, each in custom.items()]
    new = [(f"{NEW}{kind}", _("New field: %s") % label) for kind, label in FieldKind.choices]
    groups: list[Any] = [("", _("Leave out")), (_("Lead"), list(TARGETS.items()))]
    if known:
        groups.append((_("Custom fields"), known))
    return [*groups, (_("Make a field"), new)]


def _initial(found: Import) -> dict[str, Any]:
    return {
        "identity": found.identity,
        "unknown_words": ", ".join(found.unknown_words),
        "overwrites": "yes" if found.overwrites else "no",
        "fires": "no" if found.is_quiet else "yes",
        "campaign": found.campaign_id,
    }


def _field_of_form(column: Any, **kwargs: Any) -> Any:
    """As usual, but an address without a scheme means https."""
    if column.name == "redirect_url":
        kwargs["assume_scheme"] = "https"
    return column.formfield(**kwargs)


class FormForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A form's name, words and whereabouts; its questions come from QuestionsForm."""

    class Meta:
        model = Form
        fields = ["name", "button", "consent", "thanks", "redirect_url", "campaign", "is_active"]
        formfield_callback = _field_of_form

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.order_by("name")  # type: ignore[attr-defined]
        self.fields["campaign"].empty_label = _("None")  # type: ignore[attr-defined]

    def clean_redirect_url(self) -> str:
        """A https address of a real host, so that nobody is sent somewhere unsafe by us."""
        url = str(self.cleaned_data["redirect_url"])
        parts = split_safely(url)
        schemes = ("https", "http") if settings.LOCAL else ("https",)
        if url and (parts.scheme not in schemes or not parts.hostname or parts.username):
            raise ValidationError(_("Write an address that starts with https://."))
        return url


class QuestionsForm(forms.Form):
    """Which questions, in what order, with what labels: three small fields for each possible one.

    An order of 0 or nothing leaves the question out.
    """

    def __init__(
        self, asked: list[Question], custom: Mapping[str, CustomField], data: Any = None
    ) -> None:
        super().__init__(data, prefix="q")
        self.keys = _in_order(asked, custom)
        position = {question.key: number for number, question in enumerate(asked, start=1)}
        by_key = {question.key: question for question in asked}
        for key, label in self.keys.items():
            question = by_key.get(key)
            self._add(key, question.label if question else label, position.get(key, 0), question)

    def _add(self, key: str, label: str, position: int, asked: Question | None) -> None:
        required = asked.is_required if asked else False
        self.fields[f"{key}-order"] = forms.IntegerField(
            label=_("Order of “%s”") % label, min_value=0, max_value=99, required=False,
            initial=position or None,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input"}),
        )  # fmt: skip
        self.fields[f"{key}-label"] = forms.CharField(
            label=_("Label of “%s”") % label,
            max_length=120,
            required=False,
            initial=label,
            widget=forms.TextInput(attrs={"class": "input"}),
        )
        self.fields[f"{key}-required"] = forms.BooleanField(
            label=_("“%s” is required") % label, required=False, initial=required
        )

    @property
    def likely(self) -> list[dict[str, Any]]:
        """The rows of questions that are asked, or asked often."""
        return [self._row(key) for key in self.keys if self._is_likely(key)]

    @property
    def unlikely(self) -> list[dict[str, Any]]:
        """The rows of custom fields that this form does not ask for."""
        return [self._row(key) for key in self.keys if not self._is_likely(key)]

    def _is_likely(self, key: str) -> bool:
        return key in BUILT_IN or bool(self[f"{key}-order"].value())

    def _row(self, key: str) -> dict[str, Any]:
        parts = {part: self[f"{key}-{part}"] for part in ("order", "label", "required")}
        return {"name": self.keys[key], **parts}

    def questions(self) -> list[Question]:
        """The chosen ones in their order."""
        clean = self.cleaned_data
        chosen = [key for key in self.keys if clean[f"{key}-order"]]
        chosen.sort(key=lambda key: clean[f"{key}-order"])
        return [
            Question(key, clean[f"{key}-label"] or self.keys[key], clean[f"{key}-required"])
            for key in chosen
        ]


def _in_order(asked: list[Question], custom: Mapping[str, CustomField]) -> dict[str, str]:
    """Key → name of every possible question, those that are asked first."""
    names = {key: str(label) for key, label in BUILT_IN.items()}
    names |= {f"{QUESTION_ATTRIBUTE}{key}": each.label for key, each in custom.items()}
    first = {question.key: names.get(question.key, question.label) for question in asked}
    return first | {key: name for key, name in names.items() if key not in first}
