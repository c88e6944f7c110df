"""Claiming letters that are planned, and noting what became of them.

A claim is committed before the mail server hears of the letter, and its outcome afterwards. If we
are cut off in between, the letter stays *sending* until `settle_overdue` calls it uncertain. It is
never claimed again: nobody gets a letter twice.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext as _

from funnel.events import TrainingLettersBounced
from funnel.mailing.asking import objection
from funnel.mailing.writing import write_letter
from funnel.models import LetterState, TrainingLetter
from funnel.objecting import objections_of
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.postman import Fate, Outcome
from leadmgmt.kernel.sql import execute
from leadmgmt.workspaces.models import Workspace
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind

BATCH = 5  # letters one claim takes, each with a file perhaps
TRIES = 16
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
LEASE = timedelta(minutes=15)  # a batch takes seconds; who holds one longer is dead
CLAIMED = ("state", "problem", "to", "subject", "attempts", "claimed_at")

NOTE = """
UPDATE funnel_trainingletter AS letter SET
    state = noted.state, problem = noted.problem,
    due_at = coalesce(noted.due_at, letter.due_at),
    sent_at = CASE WHEN noted.state = 'sent' THEN %(now)s::timestamptz END
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS noted(id uuid, state text, problem text, due_at timestamptz)
WHERE letter.workspace_id = %(workspace)s AND letter.id = noted.id
  AND letter.state IN ('sending', 'uncertain')
"""


@dataclass(frozen=True)
class Claimed:
    """A letter that this worker, and no other, may hand to the mail server now."""

    letter: TrainingLetter
    mail: EmailMultiAlternatives


def claim_letters(*, now: datetime, limit: int = BATCH) -> tuple[int, list[Claimed]]:
    """Take planned letters off the pile: how many, and those of them that are to be sent now.

    Whether the person may be written to is asked again in this same transaction, after the rows
    are locked.
    """
    with transaction.atomic():
        letters = _locked(now, limit)
        if not letters:
            return 0, []
        firm = Workspace.objects.get(pk=current_workspace_id())
        objections = objections_of(each.training.lead.email for each in letters)
        tried = [(each, _claim(each, firm, objections, now)) for each in letters]
        TrainingLetter.objects.bulk_update(letters, CLAIMED)
    return len(letters), [Claimed(letter, mail) for letter, mail in tried if mail]


def note_outcomes(outcomes: Sequence[tuple[Claimed, Outcome]], *, now: datetime) -> None:
    """Write down what the mail server said about claimed letters, on their timelines too."""
    rows = [_noted(claimed.letter, outcome, now) for claimed, outcome in outcomes]
    with transaction.atomic():
        execute(NOTE, rows=json.dumps(rows), now=now)
        record_activities(list(_facts(outcomes, now)), now=now)
        bounced = [claimed.letter.pk for claimed, outcome in outcomes if outcome.is_bounce]
        if bounced:
            publish(TrainingLettersBounced(tuple(bounced)))


def settle_overdue(*, now: datetime) -> int:
    """Call uncertain what has been sending for longer than any living worker takes."""
    rows = TrainingLetter.objects.filter(state=LetterState.SENDING, claimed_at__lte=now - LEASE)
    why = _("We were cut off while handing it over; it may have arrived. It is not sent again.")
    return int(rows.update(state=LetterState.UNCERTAIN, problem=why))


def _locked(now: datetime, limit: int) -> list[TrainingLetter]:
    rows = TrainingLetter.objects.filter(state=LetterState.PLANNED, due_at__lte=now)
    rows = rows.select_related("training__lead", "training__content", "asked_by__user")
    rows = rows.select_for_update(skip_locked=True, of=("self",))
    return list(rows.order_by("due_at", "id")[:limit])


def _claim(
    letter: TrainingLetter, firm: Workspace, objections: Mapping[str, str], now: datetime
) -> EmailMultiAlternatives | None:
    """Decide what becomes of it; the mail if it is to be sent."""
    lead = letter.training.lead
    letter.claimed_at, letter.to = now, lead.email
    letter.subject = letter.training.content.title
    letter.problem = objection(lead, objections.get(lead.email.lower(), ""))
    if letter.problem:
        letter.state = LetterState.WITHHELD
        return None
    try:
        mail = write_letter(letter, firm)
    except FileNotFoundError:
        letter.state, letter.problem = LetterState.FAILED, _("The file is lost.")
        return None
    letter.state, letter.attempts = LetterState.SENDING, letter.attempts + 1
    return mail


def _noted(letter: TrainingLetter, outcome: Outcome, now: datetime) -> dict[str, Any]:
    row = {"id": str(letter.pk), "problem": outcome.problem[:500], "due_at": None}
    if outcome.fate is Fate.PUT_OFF and letter.attempts < TRIES:
        wait = min(FIRST_WAIT * 2 ** (letter.attempts - 1), LONGEST_WAIT)
        return row | {"state": LetterState.PLANNED, "due_at": (now + wait).isoformat()}
    return row | {"state": STATE_OF[outcome.fate]}


STATE_OF = {
    Fate.SENT: LetterState.SENT,
    Fate.REFUSED: LetterState.FAILED,
    Fate.PUT_OFF: LetterState.FAILED,
    Fate.UNCERTAIN: LetterState.UNCERTAIN,
}


def _facts(outcomes: Sequence[tuple[Claimed, Outcome]], now: datetime) -> Iterable[NewActivity]:
    for claimed, outcome in outcomes:
        letter = claimed.letter
        if outcome.fate is Fate.SENT:
            told = {"training": letter.subject, "to": letter.to}
            yield _fact(Kind.TRAINING_SENT, letter, now, told)
        elif outcome.is_bounce:
            told = {"subject": letter.subject, "problem": outcome.problem}
            yield _fact(Kind.MESSAGE_BOUNCED, letter, now, told)


def _fact(kind: Kind, letter: TrainingLetter, now: datetime, said: dict[str, str]) -> NewActivity:
    return NewActivity(
        kind=kind,
        occurred_at=now,
        lead_id=letter.training.lead_id,
        properties=said,
        key=f"{kind}:{letter.pk}",
        by_id=letter.asked_by_id if kind == Kind.TRAINING_SENT else None,
    )
