"""One field of many leads or companies: the same value for all of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.actions.companies import MOST_PEOPLE
from leads.actions.profiles import Door
from leads.actions.setting import FLAGS, OWN, set_field
from leads.bulk.verb import BulkForm, Change, Verb, Work
from leads.models import CustomField, Subject, Via
from leads.own_inputs import OwnInputs, stored
from leads.queries.fields import Words, fields_in_use

Inputs = Iterable[tuple[str, forms.Field]]
LONGEST = 100


class FieldValueForm(BulkForm):
    """Which field, and what it says from now on; the input is the field's own."""

    first = "field"
    subject = Subject.LEAD

    field = forms.ChoiceField(label=gettext_lazy("Field"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inputs = dict(_inputs(self.subject))
        choices = [(name, str(each.label)) for name, each in inputs.items()]
        self.fields["field"] = forms.ChoiceField(label=_("Field"), choices=choices)
        asked = inputs.get(str((self.data or self.initial).get("field", "")))
        if asked is not None:
            self.fields["value"] = asked

    def parameters(self) -> dict[str, Any]:
        """The field, and its value as JSON keeps it; None for unknown."""
        value = stored(self.cleaned_data.get("value"))
        return {"field": self.cleaned_data["field"], "value": None if value == "" else value}


class CompanyFieldForm(FieldValueForm):
    """The same for companies."""

    subject = Subject.COMPANY


def _inputs(subject: str) -> Inputs:
    yield from OURS[subject]()
    own = OwnInputs()
    for field in fields_in_use(subject):
        yield OWN + field.key, own.of(field)


def _of_leads() -> Inputs:
    yield "job_title", _text(_("Job title"))
    yield "country", _text(_("Country"))
    yield "city", _text(_("City"))
    yield "source", _text(_("Source"))
    yield "do_not_email", forms.BooleanField(label=_("Do not email"), required=False)
    yield "do_not_call", forms.BooleanField(label=_("Do not call"), required=False)


def _of_companies() -> Inputs:
    yield "industry", _text(_("Industry"))
    yield "country", _text(_("Country"))
    yield "city", _text(_("City"))
    yield (
        "employees",
        forms.IntegerField(
            label=_("Employees"), min_value=0, max_value=MOST_PEOPLE, required=False
        ),
    )


def _text(label: str) -> forms.Field:
    return forms.CharField(label=label, max_length=LONGEST, required=False)


OURS: Mapping[str, Callable[[], Inputs]] = {
    Subject.LEAD: _of_leads,
    Subject.COMPANY: _of_companies,
}


def door_of(work: Work) -> Door:
    """How a value comes in by a bulk action."""
    return Door(Via.BULK, work.bulk_id, work.by.pk if work.by else None)


def _set(subject: str, work: Work) -> Iterable[Change]:
    values = dict.fromkeys(work.ids, work.parameters["value"])
    name = work.parameters["field"]
    before = set_field(values, field=name, door=door_of(work), now=work.now, subject=subject)
    return [Change(id, value) for id, value in before.items()]


def _set_back(subject: str, work: Work, changes: Sequence[Change]) -> int:
    """Where the field still says what we made it say."""
    values = {change.lead_id: change.before for change in changes}
    name, seen = work.parameters["field"], work.parameters["value"]
    seen = bool(seen) if name in FLAGS else seen
    return len(
        set_field(values, field=name, door=door_of(work), now=work.now, seen=seen, subject=subject)
    )


def _tell(subject: str, parameters: Mapping[str, Any]) -> str:
    name, value = parameters["field"], parameters["value"]
    own = CustomField.objects.filter(subject=subject, key=name.removeprefix(OWN)).first()
    own = own if name.startswith(OWN) else None
    label = own.label if own else dict(_inputs(subject))[name].label
    if value is None:
        return _("Forget “%s”") % label
    words = Words().of(value, own)
    return _("Set “%(field)s” to “%(value)s”") % {"field": label, "value": words}


def _verb(subject: Subject, page: str, form: type[BulkForm]) -> Verb:
    return Verb(
        name="set_field",
        label=gettext_lazy("Set field"),
        icon="square-pen",
        page=page,
        tell=partial(_tell, subject),
        do=partial(_set, subject),
        undo=partial(_set_back, subject),
        form=form,
        hint=gettext_lazy("The same value for all of them; an empty value makes it unknown."),
        in_history=True,
        subject=subject,
    )


SET_FIELD = _verb(Subject.LEAD, "leads:lead_edit", FieldValueForm)
SET_COMPANY_FIELD = _verb(Subject.COMPANY, "leads:company_edit", CompanyFieldForm)
