"""Writing notes, and telling those whom a note names."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.kernel.strict import refuse_unfit_text
from leadmgmt.workspaces.actions.notices import NewNotice, give_notices
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from leads.models import Lead

LONGEST_NOTE = 5_000
QUOTED = 120  # characters of a note in a notice


class CannotLogNote(Refusal):
    """A note without words, or with too many."""


def log_note(lead: Lead, *, text: str, by: Member | None, now: datetime) -> None:
    """Put a note on the timeline; members named in it as `@Name` get a notice.

    Nobody is told of a note of their own.
    """
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
    members = list(Member.objects.present().order_by("name", "id"))
    found = {match.group(1).casefold() for match in _pattern(members).finditer(text)}
    return [each for each in members if each.name.casefold() in found]


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
