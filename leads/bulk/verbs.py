"""The bulk verbs of the lead database itself."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.actions.profiles import Door
from leads.actions.removing import put_back, take_out
from leads.actions.segments import add_to_segment, remove_from_segment
from leads.actions.setting import OWN, set_field
from leads.actions.standing import assign_leads
from leads.actions.tagging import LONGEST, tag_called, tag_leads, untag_leads
from leads.bulk.verb import BulkForm, Change, Verb, Work
from leads.models import (
    CustomField,
    RemovedCause,
    RemovedLead,
    Segment,
    SegmentKind,
    Subject,
    Tag,
    Via,
)
from leads.own_inputs import OwnInputs, stored
from leads.queries.fields import Words, fields_in_use

OWNERS = """
SELECT id, owner_id FROM leads_lead
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""
PUT_BACK_AT_ONCE = 1_000


# Assign


class AssignForm(BulkForm):
    """To whom."""

    owner = forms.ChoiceField(label=gettext_lazy("New owner"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = Member.objects.filter(left_at=None).order_by("name", "id")
        people = [(str(id), name) for id, name in present.values_list("id", "name")]
        self.fields["owner"] = forms.ChoiceField(
            label=_("New owner"), required=False, choices=[("", _("Nobody")), *people]
        )


def _owner(asked: str) -> Member | None:
    return Member.objects.filter(pk=asked).first() if asked else None


def _assign(work: Work) -> Iterable[Change]:
    before = dict(fetch(OWNERS, ids=list(work.ids)))
    owner = _owner(work.parameters["owner"])
    changed = assign_leads(list(work.ids), owner=owner, by=work.by, now=work.now)
    return [Change(lead, before[lead] and str(before[lead])) for lead in changed]


def _give_back(work: Work, changes: Sequence[Change]) -> int:
    """Where the owner is still the one we gave."""
    given = work.parameters["owner"] or None
    now = {lead: owner and str(owner) for lead, owner in fetch(OWNERS, ids=list(work.ids))}
    ours = [change for change in changes if now.get(change.lead_id, "") == given]
    ours.sort(key=_before)
    undone = 0
    for owner_id, group in groupby(ours, key=_before):
        owner, ids = _owner(owner_id), [change.lead_id for change in group]
        owner = None if owner and owner.left_at else owner
        undone += len(assign_leads(ids, owner=owner, by=work.by, now=work.now))
    return undone


def _before(change: Change) -> str:
    return str(change.before or "")


def _tell_assign(parameters: Mapping[str, Any]) -> str:
    owner = _owner(parameters["owner"])
    return _("Give to %s") % owner.name if owner else _("Leave without owner")


# Tags


class TagForm(BulkForm):
    """Which tag; a new name makes a new tag."""

    tag = forms.CharField(label=gettext_lazy("Tag"), max_length=LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestions = list(Tag.objects.order_by("name").values_list("name", flat=True)[:200])
        self.fields["tag"].widget.attrs["list"] = "suggestions"


def _tag(work: Work) -> Iterable[Change]:
    tag = tag_called(work.parameters["tag"])
    return map(Change, tag_leads(work.ids, tag=tag, by=work.by, now=work.now))


def _untag(work: Work) -> Iterable[Change]:
    return map(Change, untag_leads(work.ids, tag=tag_called(work.parameters["tag"])))


def _tag_back(work: Work, changes: Sequence[Change]) -> int:
    return len(list(_tag(work)))


def _untag_back(work: Work, changes: Sequence[Change]) -> int:
    return len(list(_untag(work)))


# Segments


class SegmentForm(BulkForm):
    """Which segment; only frozen ones are filled by hand."""

    segment = forms.ChoiceField(label=gettext_lazy("Segment"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frozen = Segment.objects.filter(kind=SegmentKind.FROZEN, retired_at=None).order_by("name")
        choices = [(str(id), name) for id, name in frozen.values_list("id", "name")]
        self.fields["segment"] = forms.ChoiceField(
            label=_("Segment"),
            choices=choices,
            help_text=_("Frozen segments only; a live one fills itself by its condition."),
        )


def _segment(parameters: Mapping[str, Any]) -> Segment:
    found: Segment = Segment.objects.get(pk=parameters["segment"])
    return found


def _join(work: Work) -> Iterable[Change]:
    segment = _segment(work.parameters)
    return map(Change, add_to_segment(work.ids, segment=segment, by=work.by, now=work.now))


def _part(work: Work, changes: Sequence[Change]) -> int:
    segment = _segment(work.parameters)
    return len(remove_from_segment(work.ids, segment=segment, by=work.by, now=work.now))


# One field


class FieldValueForm(BulkForm):
    """Which field, and what it says from now on; the input is the field's own."""

    first = "field"

    field = forms.ChoiceField(label=gettext_lazy("Field"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inputs = dict(_inputs())
        choices = [(name, str(each.label)) for name, each in inputs.items()]
        self.fields["field"] = forms.ChoiceField(label=_("Field"), choices=choices)
        asked = inputs.get((self.data or self.initial).get("field", ""))
        if asked is not None:
            self.fields["value"] = asked

    def parameters(self) -> dict[str, Any]:
        """The field, and its value as JSON keeps it; None for unknown."""
        value = stored(self.cleaned_data.get("value"))
        return {"field": self.cleaned_data["field"], "value": None if value == "" else value}


def _inputs() -> Iterable[tuple[str, forms.Field]]:
    for name, label in (
        ("job_title", _("Job title")),
        ("country", _("Country")),
        ("city", _("City")),
        ("source", _("Source")),
    ):
        yield name, forms.CharField(label=label, max_length=100, required=False)
    for name, label in (("do_not_email", _("Do not email")), ("do_not_call", _("Do not call"))):
        yield name, forms.BooleanField(label=label, required=False)
    own = OwnInputs()
    for field in fields_in_use():
        yield OWN + field.key, own.of(field)


def _door(work: Work) -> Door:
    return Door(Via.BULK, work.bulk_id, work.by.pk if work.by else None)


def _set(work: Work) -> Iterable[Change]:
    values = dict.fromkeys(work.ids, work.parameters["value"])
    name = work.parameters["field"]
    before = set_field(values, field=name, door=_door(work), now=work.now)
    return [Change(lead, value) for lead, value in before.items()]


def _set_back(work: Work, changes: Sequence[Change]) -> int:
    """Where the field still says what we made it say."""
    values = {change.lead_id: change.before for change in changes}
    seen = work.parameters["value"]
    if work.parameters["field"] in ("do_not_email", "do_not_call"):
        seen = bool(seen)
    name = work.parameters["field"]
    return len(set_field(values, field=name, door=_door(work), now=work.now, seen=seen))


def _tell_set(parameters: Mapping[str, Any]) -> str:
    name, value = parameters["field"], parameters["value"]
    own = CustomField.objects.filter(subject=Subject.LEAD, key=name.removeprefix(OWN)).first()
    own = own if name.startswith(OWN) else None
    label = own.label if own else dict(_inputs())[name].label
    if value is None:
        return _("Forget “%s”") % label
    words = Words().of(value, own)
    return _("Set “%(field)s” to “%(value)s”") % {"field": label, "value": words}


# Take out


def _remove(work: Work) -> Iterable[Change]:
    taken = take_out(
        work.ids, cause=RemovedCause.BULK, cause_id=work.bulk_id, by=work.by, now=work.now
    )
    return map(Change, taken)


def _restore(work: Work, changes: Sequence[Change]) -> int:
    """The next of those it took out; who cannot come back is left among the removed leads."""
    parcels = RemovedLead.objects.filter(cause_id=work.bulk_id).order_by("lead_id")
    ids = list(parcels.values_list("lead_id", flat=True)[:PUT_BACK_AT_ONCE])
    return len(put_back(ids, by=work.by, now=work.now).restored) if ids else 0


VERBS = (
    Verb(
        name="assign",
        label=gettext_lazy("Assign"),
        icon="user-round-check",
        page="leads:lead_assign",
        tell=_tell_assign,
        do=_assign,
        undo=_give_back,
        form=AssignForm,
        hint=gettext_lazy("Who works these leads from now on."),
    ),
    Verb(
        name="tag",
        label=gettext_lazy("Add tag"),
        icon="tag",
        page="leads:lead_edit",
        tell=lambda parameters: _("Tag “%s”") % parameters["tag"],
        do=_tag,
        undo=_untag_back,
        form=TagForm,
        hint=gettext_lazy("A word to find them by; a new name makes a new tag."),
    ),
    Verb(
        name="untag",
        label=gettext_lazy("Remove tag"),
        icon="tags",
        page="leads:lead_edit",
        tell=lambda parameters: _("Take off the tag “%s”") % parameters["tag"],
        do=_untag,
        undo=_tag_back,
        form=TagForm,
    ),
    Verb(
        name="segment",
        label=gettext_lazy("Add to segment"),
        icon="group",
        page="leads:lead_edit",
        tell=lambda parameters: _("Add to “%s”") % _segment(parameters),
        do=_join,
        undo=_part,
        form=SegmentForm,
    ),
    Verb(
        name="set_field",
        label=gettext_lazy("Set field"),
        icon="square-pen",
        page="leads:lead_edit",
        tell=_tell_set,
        do=_set,
        undo=_set_back,
        form=FieldValueForm,
        hint=gettext_lazy("The same value for all of them; an empty value makes it unknown."),
    ),
)

REMOVE = Verb(
    name="remove",
    label=gettext_lazy("Delete"),
    icon="trash-2",
    page="leads:lead_remove",
    tell=lambda parameters: _("Delete"),
    do=_remove,
    undo=_restore,
    keeps_changes=True,
    is_dangerous=True,
    hint=gettext_lazy(
        "They go with everything that hangs on them, and can be put back for 30 days."
    ),
)
