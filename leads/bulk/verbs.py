"""The bulk verbs of the lead database itself, for leads."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member
from leads.actions.filling import add_to_segment, remove_from_segment
from leads.actions.removing import put_back, take_out
from leads.actions.standing import assign_leads, hand_over
from leads.actions.tagging import known_tag, tag_called, tag_leads, untag_leads
from leads.bulk.fields import SET_FIELD
from leads.bulk.tags import tag_verb, untag_verb
from leads.bulk.verb import BulkForm, Change, Verb, Work
from leads.models import RemovedCause, RemovedLead, Segment, SegmentKind

OWNERS = """
SELECT id, owner_id FROM leads_lead
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
ORDER BY id FOR NO KEY UPDATE
"""
PUT_BACK_AT_ONCE = 1_000

NOBODY = "nobody"


# Assign


class AssignForm(BulkForm):
    """To whom; nobody is somebody one has to name."""

    owner = forms.ChoiceField(label=gettext_lazy("New owner"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Member.objects.colleagues().order_by("name", "id")
        people = [(str(id), name) for id, name in here.values_list("id", "name")]
        self.fields["owner"] = forms.ChoiceField(
            label=_("New owner"),
            choices=[("", _("Choose…")), (NOBODY, _("Nobody")), *people],
            error_messages={
                "required": _("Choose who gets them; “Nobody” takes their owner away.")
            },
        )

    def parameters(self) -> dict[str, Any]:
        """Nobody is kept as an empty owner."""
        owner = self.cleaned_data["owner"]
        return {"owner": "" if owner == NOBODY else owner}


def owner_of(asked: str) -> Member | None:
    """The member a form named."""
    return Member.objects.filter(pk=asked).first() if asked else None


def assign(work: Work) -> Iterable[Change]:
    """Give them to whom the form named; each with the owner it had."""
    owner = owner_of(work.parameters["owner"])
    before = hand_over(work.ids, owner=owner, by=work.by, now=work.now)
    return [Change(lead, was and str(was)) for lead, was in before.items()]


def give_back(work: Work, changes: Sequence[Change]) -> list[UUID]:
    """Where the owner is still the one we gave; which leads those are."""
    given = work.parameters["owner"] or None
    now = {lead: owner and str(owner) for lead, owner in fetch(OWNERS, ids=list(work.ids))}
    ours = [change for change in changes if now.get(change.lead_id, "") == given]
    ours.sort(key=_before)
    undone: list[UUID] = []
    for owner_id, group in groupby(ours, key=_before):
        owner, ids = owner_of(owner_id), [change.lead_id for change in group]
        owner = owner if owner and owner.is_colleague else None
        undone += assign_leads(ids, owner=owner, by=work.by, now=work.now)
    return undone


def _before(change: Change) -> str:
    return str(change.before or "")


def tell_assign(parameters: Mapping[str, Any]) -> str:
    """To whom, in a few words."""
    owner = owner_of(parameters["owner"])
    return _("Give to %s") % owner.name if owner else _("Leave without owner")


# Tags


def _tag(work: Work) -> Iterable[Change]:
    tag = tag_called(work.parameters["tag"])
    return map(Change, tag_leads(work.ids, tag=tag, by=work.by, now=work.now))


def _untag(work: Work) -> Iterable[Change]:
    tag = known_tag(work.parameters["tag"])
    return map(Change, untag_leads(work.ids, tag=tag)) if tag else ()


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
    while ids:
        if restored := put_back(ids, by=work.by, now=work.now).restored:
            return len(restored)
        after = parcels.filter(lead_id__gt=ids[-1])
        ids = list(after.values_list("lead_id", flat=True)[:PUT_BACK_AT_ONCE])
    return 0


ASSIGN = Verb(
    name="assign",
    label=gettext_lazy("Assign"),
    icon="user-round-check",
    page="leads:lead_assign",
    tell=tell_assign,
    do=assign,
    undo=lambda work, changes: len(give_back(work, changes)),
    form=AssignForm,
    hint=gettext_lazy("Who works these leads from now on."),
)

VERBS = (
    tag_verb(page="leads:lead_tag", do=_tag, undo=_untag_back),
    untag_verb(page="leads:lead_tag", do=_untag, undo=_tag_back),
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
    SET_FIELD,
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
