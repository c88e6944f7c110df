"""Shape and wording of what people enter about sequences."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from capture.models import Form
from leads.models import Lead, Stage
from nurturing.models import Sequence, Step, Trigger


class SequenceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs only
    """Name and start of a sequence."""

    trigger_form: Any = forms.ModelChoiceField(
        label=_("Form"),
        queryset=None,
        required=False,
        empty_label=_("Any form"),
        help_text=_("Used when a lead sends a form."),
    )

    class Meta:
        model = Sequence
        fields = ["name", "trigger", "trigger_stage"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "trigger_form", Form.objects.order_by("name"))
        self.initial["trigger_form"] = self.instance.trigger_form_id
        self.fields["trigger_stage"].help_text = _("Used when a lead enters a stage.")
        if not self.instance.trigger_stage:
            self.initial.setdefault("trigger_stage", Stage.NURTURING)
            self.initial["trigger"] = self.instance.trigger or Trigger.STAGE

    def clean(self) -> dict[str, Any]:
        """Only what belongs to the chosen start is kept."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("trigger") != Trigger.STAGE:
            cleaned["trigger_stage"] = ""
        elif not cleaned.get("trigger_stage"):
            self.add_error("trigger_stage", _("Choose the stage that starts the sequence."))
        if cleaned.get("trigger") != Trigger.FORM:
            cleaned["trigger_form"] = None
        return cleaned

    def validate_unique(self) -> None:
        """Names are unique in the workspace, which the form does not show."""
        same = Sequence.objects.filter(name=self.cleaned_data.get("name"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("Another sequence already has this name."))


class EmailForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an email says."""

    class Meta:
        model = Step
        fields = ["subject", "preheader", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 14})}
        help_texts = {
            "body": _(
                "Leave a blank line between paragraphs; addresses become links. HTML works too."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("subject", "body"):
            self.fields[name].required = True


class WaitForm(forms.ModelForm):  # type: ignore[type-arg]
    """How long a wait lasts."""

    class Meta:
        model = Step
        fields = ["wait_days", "wait_hours"]


class PublishForm(forms.Form):
    """Why there is a new version."""

    reason = forms.CharField(
        label=_("What is new in this version"),
        max_length=300,
        help_text=_("Your colleagues will read this beside the version."),
    )


class PreviewForm(forms.Form):
    """For whom a text is to be filled in."""

    lead: Any = forms.ModelChoiceField(queryset=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "lead", Lead.objects.exclude(email=""))


class EnrolForm(forms.Form):
    """The sequence somebody puts a lead in."""

    sequence: Any = forms.ModelChoiceField(queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "sequence", Sequence.objects.all())


def _offer(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Rows of the workspace can only be asked for inside one, not when the form is declared."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
    field.queryset = rows
