"""The next playbook while it is written: saved, discarded, and published with a reason."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.playbooks import (
    KINDS,
    SAID,
    NewPlaybook,
    PlaybookMovedOn,
    drawn_up,
    publish_playbook,
)
from funnel.models import Playbook, PlaybookDraft
from funnel.playbook import Reason, read_questions
from funnel.queries.playbooks import playbook_in_force
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.actions.versions import take_workspace
from leadmgmt.workspaces.models import Member


class DraftSavedMeanwhile(Refusal):
    """Somebody else has saved or published the draft since it was looked at."""

    status = 412


def save_draft(
    new: NewPlaybook,
    *,
    by: Member | None,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
) -> PlaybookDraft:
    """Write the next playbook down; nobody is asked by it before it is published.

    Refuses what makes no sense, and a draft that is not any more as it was `seen` (its revision,
    0 for none).
    """
    with transaction.atomic():
        take_workspace()
        kept = held_draft(seen)
        last = playbook_in_force()
        made = drawn_up(_unkeyed(new, kept, last), last)
        draft = kept or PlaybookDraft(revision=0)
        for name in SAID:
            setattr(draft, name, getattr(made, name))
        draft.reason, draft.by, draft.saved_at = reason.strip(), by, now
        draft.after, draft.revision = last.version, draft.revision + 1
        draft.save()
    return draft


def publish_draft(
    *, reason: str, by: Member | None, now: datetime, seen: int | None = None
) -> Playbook:
    """Put the draft in force, and have none any more.

    Refuses as `publish_playbook` does: without a reason, or when a later version than the one it
    was written from is in force.
    """
    with transaction.atomic():
        take_workspace()
        draft = held_draft(seen)
        if draft is None:
            raise PlaybookMovedOn(_("There is no draft any more; look at what is in force."))
        words = _words_of(draft, playbook_in_force())
        made = publish_playbook(words, reason=reason, by=by, now=now, after=draft.after)
        draft.delete()
    return made


def discard_draft() -> None:
    """Throw the draft away; what is in force stays."""
    with transaction.atomic():
        take_workspace()
        PlaybookDraft.objects.all().delete()


def held_draft(seen: int | None) -> PlaybookDraft | None:
    """The draft, if there is one; refuses when it is not as it was seen."""
    draft: PlaybookDraft | None = PlaybookDraft.objects.select_related("by").first()
    if seen is not None and seen != (draft.revision if draft else 0):
        sentence = _("The draft was changed or published meanwhile. Look at it again.")
        raise DraftSavedMeanwhile(sentence)
    return draft


def _words_of(draft: PlaybookDraft, last: Playbook) -> NewPlaybook:
    told: dict[str, Any] = {name: getattr(draft, name) for name in SAID[2:]}
    reasons = {kind: [Reason(**row).words for row in draft.reasons.get(kind, ())] for kind in KINDS}
    said = NewPlaybook(questions=read_questions(draft.questions), reasons=reasons, **told)
    return _unkeyed(said, draft, last)


def _unkeyed(new: NewPlaybook, draft: PlaybookDraft | None, last: Playbook) -> NewPlaybook:
    """Without the keys of questions that only the draft has: they get theirs when published."""
    if draft is None:
        return new
    known = {each.key for each in read_questions(last.questions)}
    fresh = {each.key for each in read_questions(draft.questions)} - known
    asked = [replace(each, key="") if each.key in fresh else each for each in new.questions]
    return replace(new, questions=asked)
