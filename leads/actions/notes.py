"""Writing notes, telling those whom a note names, and correcting one's own."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.strict import refuse_unfit_text
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.events import ActivitiesRecorded
from leads.kinds import Kind
from leads.models import Activity, Lead

LONGEST_NOTE = 5_000
MOST_EARLIER = 50  # wordings of one note that are kept
QUOTED = 120  # characters of a note in a notice


class CannotLogNote(Refusal):
    """A note without words, or with too many."""


def log_note(lead: Lead, *, text: str, by: Member | None, now: datetime) -> None:
    """Put a note on the timeline; members named in it as `@Name` get a notice.

    Nobody is told of a note of their own.
    """
    words = _fit(text)
    named = mentioned_in(words)
    said: dict[str, Any] = {"text": words}
    if named:
        said["mentions"] = [each.name for each in named]
    by_id = by.pk if by else None
    note = NewActivity(Kind.NOTE, now, lead_id=lead.pk, properties=said, by_id=by_id)
    with transaction.atomic():
        record_activities([note], now=now)
        told = [each for each in named if each != by]
        give_notices([_notice(each, lead, words, by, now) for each in told], now=now)


def mentioned_in(text: str) -> list[Member]:
    """The members named in a text as `@Name`; of two names that fit, the longer one is meant."""
    if "@" not in text:
        return []
    members = list(Member.objects.colleagues().order_by("name", "id"))
    found = {match.group(1).casefold() for match in _pattern(members).finditer(text)}
    return [each for each in members if each.name.casefold() in found]


def _fit(text: str) -> str:
    refuse_unfit_text(text, field="text")
    words = text.strip()
    if not words:
        raise CannotLogNote(_("Write something first."), field="text")
    if len(words) > LONGEST_NOTE:
        raise CannotLogNote(
            _("The note has %(length)d characters; at most %(most)d are kept.")
            % {"length": len(words), "most": LONGEST_NOTE},
            field="text",
        )
    return words


def _pattern(members: Sequence[Member]) -> re.Pattern[str]:
    names = sorted((re.escape(each.name) for each in members), key=len, reverse=True)
    return re.compile(rf"(?<!\w)@({'|'.join(names)})(?!\w)", re.IGNORECASE)


def _notice(member: Member, lead: Lead, words: str, by: Member | None, now: datetime) -> NewNotice:
    told = {"by": by or _("The API"), "lead": lead, "note": Truncator(words).chars(QUOTED)}
    return NewNotice(
        member_id=member.pk,
        kind="mention",
        text=_("%(by)s named you in a note on %(lead)s: %(note)s") % told,
        path=f"leads/{lead.pk}/?family=contact#timeline",
        key=f"mention-{lead.pk}-{now.timestamp()}",
    )


# Correcting


class CannotChangeNote(Refusal):
    """Somebody else wrote it, or it is deleted."""


def correct_note(note: Activity, *, text: str, by: Member | None, now: datetime) -> None:
    """Say it in other words; what it said before is kept with it, newest last.

    Only who wrote it may (a note of the API: the API). Colleagues named for the first time get
    their notice.
    """
    words = _fit(text)
    with transaction.atomic():
        kept = _locked(note, by=by)
        said = dict(kept.properties)
        if is_deleted(said):
            raise CannotChangeNote(_("This note is deleted; take it back first."))
        if words == said.get("text"):
            return
        named = mentioned_in(words)
        before = set(said.get("mentions", ()))
        said = _remembering(said, now) | {"text": words, "mentions": [each.name for each in named]}
        _rewrite(kept, said)
        told = [each for each in named if each != by and each.name not in before]
        give_notices([_notice(each, kept.lead, words, by, now) for each in told], now=now)


def delete_note(note: Activity, *, by: Member | None, now: datetime) -> None:
    """Take its words off the timeline; that there was a note stays, and it can be taken back."""
    with transaction.atomic():
        kept = _locked(note, by=by)
        said = dict(kept.properties)
        if not is_deleted(said):
            said = _remembering(said, now) | {"deleted_at": now.isoformat()}
            said.pop("text", None)
            _rewrite(kept, said)


def take_note_back(note: Activity, *, by: Member | None) -> None:
    """It was deleted by mistake: it says again what it said."""
    with transaction.atomic():
        kept = _locked(note, by=by)
        said = dict(kept.properties)
        if said.pop("deleted_at", None):
            *said["earlier"], last = said["earlier"]
            if not said["earlier"]:
                del said["earlier"]
            _rewrite(kept, said | {"text": last["text"]})


def is_deleted(said: Mapping[str, Any]) -> bool:
    """Whether a note with these properties was deleted."""
    return bool(said.get("deleted_at"))


def _remembering(said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    was = {"text": said.get("text", ""), "until": now.isoformat()}
    return {**said, "earlier": [*said.get("earlier", ()), was][-MOST_EARLIER:]}


def _locked(note: Activity, *, by: Member | None) -> Activity:
    mine = Activity.objects.filter(kind=Kind.NOTE, lead=note.lead_id, occurred_at=note.occurred_at)
    kept: Activity = mine.select_for_update(no_key=True, of=("self",)).get(pk=note.pk)
    if kept.by_id != (by.pk if by else None):
        raise CannotChangeNote(_("Only who wrote a note can change it; write one of your own."))
    return kept


def _rewrite(note: Activity, said: Mapping[str, Any]) -> None:
    """Conditions may ask for words of notes; nothing fires because of a correction."""
    at = note.occurred_at
    Activity.objects.filter(pk=note.pk, occurred_at=at).update(properties=said)
    day = at.astimezone(UTC).date().isoformat()
    publish(
        ActivitiesRecorded((note.lead_id,) if note.lead_id else (), is_quiet=True, since_day=day)
    )
