"""Shape and wording of what people write about segments and personas."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.conditions.building.form import ConditionField
from leads.models import Persona, Segment, SegmentKind
from leads.uses import segments_named

KINDS = (
    (SegmentKind.LIVE.value, _("Live: people enter and leave as the condition says")),
    (SegmentKind.FROZEN.value, _("Frozen: whoever fits now, and whom you put in by hand")),
)


class SegmentForm(forms.Form):
    """What the group is called, and who belongs to it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("Description"),
        max_length=500,
        required=False,
        help_text=_("What it is for, so that others know when to use it."),
    )


class NewSegmentForm(SegmentForm):
    """A new group, which may be frozen from the first."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=KINDS, widget=forms.RadioSelect, initial=SegmentKind.LIVE
    )
    condition = ConditionField(
        label=_("Who belongs to it"),
        help_text=_("A frozen one may go without, to be filled by hand."),
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        is_frozen = bool(data) and data.get("kind") == SegmentKind.FROZEN
        self.fields["condition"].required = not is_frozen


class LiveSegmentForm(SegmentForm):
    """A live one: everybody is asked anew when its condition changes."""

    condition = ConditionField(label=_("Who belongs to it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: Any = self.fields["condition"]
        asked.kept = segments_named(self.initial.get("condition"))


def segment_form(segment: Segment | None) -> type[SegmentForm]:
    """The form that fits."""
    if segment is None:
        return NewSegmentForm
    return LiveSegmentForm if segment.kind == SegmentKind.LIVE else SegmentForm


def _lines(label: Any, help_text: Any = "", rows: int = 3, most: int = 2_000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, required=False, widget=widget
    )


class PersonaForm(forms.Form):
    """The sheet about a customer we look for."""

    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Such as “Plant manager Paul”.")
    )
    whom = _lines(_("Whom we sell to"), _("Which people, in which firms."))
    job = _lines(_("Their job"), _("What they answer for, and how they are measured."))
    place = _lines(_("Where they are"), _("Places, and where they read and meet."))
    why = _lines(_("Why they buy"))
    goals = _lines(_("Goals"))
    needs = _lines(_("Needs"))
    pains = _lines(_("Pains"))
    reasons = _lines(
        _("Reasons to buy from us"), _("Three to five, one in each line."), rows=5, most=1_200
    )
    story = _lines(
        _("Story for the seller"),
        _("What one tells them; it stands beside each lead that matches."),
        rows=5,
        most=5_000,
    )
    segment = forms.ChoiceField(
        label=_("Recognised by"),
        required=False,
        help_text=_("A live segment, or a condition of its own below."),
    )
    condition = ConditionField(label=_("Its own condition"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = Segment.objects.filter(kind=SegmentKind.LIVE, retired_at=None).order_by("name")
        named = [(str(pk), name) for pk, name in live.values_list("pk", "name")]
        choice: Any = self.fields["segment"]
        choice.choices = [("", _("A condition of its own")), *named]

    def facts(self) -> dict[str, Any]:
        """What was written, reasons line by line."""
        typed = self.cleaned_data
        return {**typed, "reasons": typed["reasons"].splitlines()}


def values_of_persona(persona: Persona) -> dict[str, Any]:
    """What stands in the form."""
    names = ("name", "whom", "job", "place", "why", "goals", "needs", "pains", "story")
    return {
        **{name: getattr(persona, name) for name in names},
        "reasons": "\n".join(persona.reasons),
        "segment": str(persona.segment_id or ""),
    }
