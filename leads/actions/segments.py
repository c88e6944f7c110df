"""Segments: written, frozen, retired, deleted."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.ids import new_id
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member
from leads import keepers, normalising, uses
from leads.actions.building import ask_everybody
from leads.actions.filling import add_to_segment, copy_members
from leads.actions.keeping import take_turn
from leads.conditions import WrongCondition, parse, segments_in
from leads.models import Segment, SegmentKind
from leads.nesting import path_between

NAME_TAKEN = "segment_name_once"
LONGEST_NAME, LONGEST_DESCRIPTION = 120, 500

Tree = dict[str, Any]


class CannotSaveSegment(Refusal):
    """No name, a name that is taken, no condition, or one that asks about itself."""


class SegmentInUse(Conflict):
    """Something still asks about it, so it cannot be deleted."""


class SegmentIsKept(Conflict):
    """An app keeps it for itself; the sentence says where people change it."""


def create_segment(
    *,
    name: str,
    description: str = "",
    kind: str = SegmentKind.LIVE,
    condition: Tree | None = None,
    lead_ids: Sequence[UUID] = (),
    by: Member | None,
    now: datetime,
    keeper: str = "",
) -> Segment:
    """Make a group of leads; whoever a condition holds for is found in the background.

    Live: it follows the condition. Frozen: whoever it holds for now, if there is one, and
    `lead_ids`. Refuses a name that is taken, and a live segment without a condition. What a
    `keeper` makes, only the keeper changes, by naming itself again; its name may get a number
    where it is taken (see `leads.keepers`).
    """
    segment = Segment(pk=new_id(), kind=kind, by=by, created_at=now, keeper=keeper)
    with transaction.atomic():
        _write(segment, name, description, condition or {}, now)
        if segment.condition:
            ask_everybody([segment], now=now)
        if lead_ids:
            add_to_segment(lead_ids, segment=segment, by=by, now=now)
    segment.refresh_from_db()
    return segment


def change_segment(
    segment: Segment,
    *,
    name: str,
    description: str,
    condition: Tree | None = None,
    now: datetime,
    keeper: str = "",
) -> Segment:
    """Call it something else, or ask something else; only then everybody is asked anew.

    Refuses another condition for a frozen segment, and one that leads back to this segment.
    """
    with transaction.atomic():
        take_turn()
        segment = Segment.objects.select_for_update().get(pk=segment.pk)
        _refuse_kept(segment, keeper)
        before = segment.condition
        asked = before if condition is None else condition
        if segment.kind == SegmentKind.FROZEN and asked != before:
            raise CannotSaveSegment(
                _("“%(name)s” is frozen: it asks nothing of anybody any more.")
                % {"name": segment.name},
                field="condition",
            )
        _write(segment, name, description, asked, now)
        if asked != before and segment.retired_at is None:
            ask_everybody([segment], now=now)
    return segment


def freeze_segment(segment: Segment, *, name: str, by: Member | None, now: datetime) -> Segment:
    """A fixed list, under another name, of those who are in `segment` at this moment."""
    copy = Segment(pk=new_id(), kind=SegmentKind.FROZEN, by=by, created_at=now)
    with transaction.atomic():
        take_turn()
        about = _("Who was in “%(name)s” then.") % {"name": segment.name}
        _write(copy, name, about, {}, now)
        copy.size = copy_members(segment, copy, by=by, now=now)
    return copy


def retire_segment(segment: Segment, *, now: datetime, keeper: str = "") -> None:
    """Offer it no more. Its members stay as they are; what still asks about it goes on asking."""
    _refuse_kept(segment, keeper)
    Segment.objects.filter(pk=segment.pk, retired_at=None).update(retired_at=now)


def restore_segment(segment: Segment, *, now: datetime, keeper: str = "") -> None:
    """Offer it again; a live one asks everybody anew."""
    with transaction.atomic():
        take_turn()
        segment = Segment.objects.select_for_update().get(pk=segment.pk)
        _refuse_kept(segment, keeper)
        if segment.retired_at is None:
            return
        segment.retired_at = None
        segment.save(update_fields=["retired_at"])
        if segment.kind == SegmentKind.LIVE:
            _refuse_circle(segment)
            ask_everybody([segment], now=now)


def delete_segment(segment: Segment) -> None:
    """Forget it and who was in it. Refuses a segment that something still asks about.

    One that is kept can be deleted once its keeper has retired it.
    """
    if segment.retired_at is None:
        _refuse_kept(segment, "")
    found = uses.uses_of(segment.pk)
    if found:
        raise SegmentInUse(
            _("“%(name)s” is still asked about by %(uses)s. Change them first, or retire it.")
            % {"name": segment.name, "uses": ", ".join(f"{use.noun} “{use.name}”" for use in found)}
        )
    with transaction.atomic():
        take_turn()
        Segment.objects.filter(pk=segment.pk).delete()


def _write(segment: Segment, name: str, description: str, condition: Tree, now: datetime) -> None:
    """Check all of it and save; in the turn of whoever calls, so that two make no circle."""
    take_turn()
    name = keepers.free_name(segment, name, most=LONGEST_NAME)
    segment.name = normalising.plain_text(name, field="name", most=LONGEST_NAME)
    if not segment.name:
        raise CannotSaveSegment(_("Give the segment a name."), field="name")
    segment.description = normalising.plain_text(
        description, field="description", most=LONGEST_DESCRIPTION
    )
    _refuse_wrong(segment, condition)
    segment.condition, segment.changed_at = condition, now
    _refuse_circle(segment)
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as problem:
        if NAME_TAKEN not in str(problem):
            raise
        raise CannotSaveSegment(
            _("Another segment is called “%s”; choose another name.") % segment.name, field="name"
        ) from problem


def _refuse_wrong(segment: Segment, condition: Tree) -> None:
    if not condition:
        if segment.kind == SegmentKind.LIVE:
            raise CannotSaveSegment(
                _("A live segment needs a condition: who belongs to it?"), field="condition"
            )
        return
    if condition != segment.condition:
        try:
            parse(condition, kept=uses.segments_named(segment.condition))
        except WrongCondition as wrong:
            raise CannotSaveSegment(wrong.sentence, field="condition") from wrong


def _refuse_circle(segment: Segment) -> None:
    """A segment that asks about itself, over others perhaps, has no answer."""
    if not segment.condition:
        return
    asked: dict[UUID, frozenset[UUID]] = {}
    names = {segment.pk: segment.name}
    for pk, name, tree in _others(segment):
        names[pk], asked[pk] = name, segments_in(parse(tree, is_stored=True))
    for first in sorted(segments_in(parse(segment.condition, is_stored=True))):
        path = path_between(first, segment.pk, asked)
        if path:
            raise CannotSaveSegment(
                _circle([names[pk] for pk in (segment.pk, *path)]), field="condition"
            )


def _others(segment: Segment) -> Iterable[tuple[UUID, str, Tree]]:
    live = Segment.objects.filter(kind=SegmentKind.LIVE).exclude(pk=segment.pk)
    return live.values_list("pk", "name", "condition")


def _circle(names: Sequence[str]) -> str:
    steps = _(" asks about ").join(f"“{name}”" for name in names)
    return _("This would go in a circle: %(path)s. Leave one of them out.") % {"path": steps}


def _refuse_kept(segment: Segment, keeper: str) -> None:
    if segment.keeper != keeper:
        raise SegmentIsKept(
            _("“%(name)s” is kept by %(keeper)s; change it there.")
            % {"name": segment.name, "keeper": keepers.called(segment.keeper).words}
        )
