"""Claiming planned messages, and noting what became of them.

A claim is committed before the mail server hears of the message, and its outcome afterwards. If
we are cut off in between, the message stays *sending* until `settle_overdue` calls it uncertain.
It is never claimed again: nobody gets a step twice.
"""

import json
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.postman import Fate, Outcome
from leadmgmt.kernel.sql import execute, fetch
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from nurturing.actions.bouncing import suppress_bounced
from nurturing.letters import Letter, Text, mime, write_letter
from nurturing.merging import WrongTemplate
from nurturing.models import Message, MessageState, Suppression
from nurturing.queries.contexts import contexts_of
from nurturing.tokens import Subject

BATCH = 10  # messages one claim takes; as many may a crash leave uncertain
TRIES = 16
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
LEASE = timedelta(minutes=15)  # a batch takes seconds; who holds one longer is dead

CANDIDATES = """
SELECT message.id, message.lead_id, message.attempts + 1, lead.email, lead.do_not_email,
    step.subject, step.preheader, step.body, coalesce(owner_user.email, publisher_user.email, '')
FROM nurturing_message AS message
JOIN nurturing_sequence AS sequence
    ON sequence.workspace_id = %(workspace)s AND sequence.id = message.sequence_id
JOIN leads_lead AS lead ON lead.workspace_id = %(workspace)s AND lead.id = message.lead_id
JOIN nurturing_step AS step ON step.workspace_id = %(workspace)s AND step.id = message.step_id
JOIN nurturing_sequenceversion AS version
    ON version.workspace_id = %(workspace)s AND version.id = step.version_id
LEFT JOIN workspaces_member AS owner
    ON owner.workspace_id = %(workspace)s AND owner.id = lead.owner_id
LEFT JOIN workspaces_user AS owner_user ON owner_user.id = owner.user_id
LEFT JOIN workspaces_member AS publisher
    ON publisher.workspace_id = %(workspace)s AND publisher.id = version.published_by_id
LEFT JOIN workspaces_user AS publisher_user ON publisher_user.id = publisher.user_id
WHERE message.workspace_id = %(workspace)s AND message.state = 'planned'
  AND message.due_at <= %(now)s AND sequence.is_active
ORDER BY message.due_at, message.id LIMIT %(limit)s FOR UPDATE OF message SKIP LOCKED
"""

CLAIM = """
WITH decided AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS row(id uuid, state text, "to" text, subject text, problem text)
), linked AS (
    INSERT INTO nurturing_link (workspace_id, message_id, number, target)
    SELECT %(workspace)s, message_id, number, target
    FROM jsonb_to_recordset(%(links)s::jsonb) AS row(message_id uuid, number int, target text)
    ON CONFLICT (workspace_id, message_id, number) DO UPDATE SET target = excluded.target
)
UPDATE nurturing_message AS message SET
    state = decided.state, "to" = decided."to", subject = decided.subject,
    problem = decided.problem, claimed_at = %(now)s,
    attempts = attempts + (decided.state = 'sending')::int
FROM decided WHERE message.workspace_id = %(workspace)s AND message.id = decided.id
"""

NOTE = """
UPDATE nurturing_message AS message SET
    state = noted.state, problem = noted.problem,
    due_at = coalesce(noted.due_at, message.due_at),
    sent_at = CASE WHEN noted.state = 'sent' THEN %(now)s::timestamptz END
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS noted(id uuid, state text, problem text, due_at timestamptz)
WHERE message.workspace_id = %(workspace)s AND message.id = noted.id
  AND message.state IN ('sending', 'uncertain')
"""


@dataclass(frozen=True)
class Claimed:
    """A message that this worker, and no other, may hand to the mail server now."""

    message_id: UUID
    lead_id: UUID
    attempts: int
    subject: str
    email: str
    mail: EmailMultiAlternatives


@dataclass(frozen=True)
class _Candidate:
    message_id: UUID
    lead_id: UUID
    attempts: int
    email: str
    do_not_email: bool
    subject: str
    preheader: str
    body: str
    answers_to: str

    @property
    def text(self) -> Text:
        """What the step says."""
        return Text(self.subject, self.preheader, self.body)


@dataclass(frozen=True)
class _Decision:
    """Whether a candidate is sent, and why not."""

    candidate: _Candidate
    state: MessageState
    problem: str = ""
    letter: Letter | None = None

    def as_row(self) -> dict[str, Any]:
        """For the statement that claims."""
        return {
            "id": str(self.candidate.message_id),
            "state": self.state.value,
            "to": self.candidate.email,
            "subject": self.letter.subject[:400] if self.letter else "",
            "problem": self.problem[:500],
        }


def claim_messages(*, now: datetime, limit: int = BATCH) -> tuple[int, list[Claimed]]:
    """Take planned messages off the pile: how many, and those of them that are to be sent now.

    Consent is checked in this same transaction, after the rows are locked: a message cannot be
    claimed once an unsubscription has committed. What cannot be written out has failed.
    """
    with transaction.atomic():
        candidates = _locked_candidates(now, limit)
        if not candidates:
            return 0, []
        contexts = contexts_of(each.lead_id for each in candidates)
        refused = _suppressed(candidates)
        decisions = [_decide(each, contexts[each.lead_id], refused) for each in candidates]
        _write_claim(decisions, now)
    return len(candidates), [_claimed(each, contexts) for each in decisions if each.letter]


def note_outcomes(outcomes: Many[tuple[Claimed, Outcome]], *, now: datetime) -> None:
    """Write down what the mail server said about claimed messages, on their timelines too."""
    rows = [_noted(claimed, outcome, now) for claimed, outcome in outcomes]
    with transaction.atomic():
        execute(NOTE, rows=json.dumps(rows), now=now)
        record_activities(list(_facts(outcomes, now)), now=now)
        bounced = [(each.lead_id, each.email) for each, outcome in outcomes if outcome.is_bounce]
        suppress_bounced(bounced, now=now)


def settle_overdue(*, now: datetime) -> int:
    """Call uncertain what has been sending for longer than any living worker takes."""
    overdue = Message.objects.filter(state=MessageState.SENDING, claimed_at__lte=now - LEASE)
    why = _("We were cut off while handing it over; it may have arrived. It is not sent again.")
    return int(overdue.update(state=MessageState.UNCERTAIN, problem=why))


def _locked_candidates(now: datetime, limit: int) -> list[_Candidate]:
    found = fetch(CANDIDATES, now=now, limit=limit)
    return [_Candidate(*row) for row in found]


def _suppressed(candidates: Iterable[_Candidate]) -> set[str]:
    emails = {each.email.lower() for each in candidates}
    return set(Suppression.objects.filter(email__in=emails).values_list("email", flat=True))


def _decide(candidate: _Candidate, context: Mapping[str, Any], refused: set[str]) -> _Decision:
    if problem := _objection(candidate, refused):
        return _Decision(candidate, MessageState.WITHHELD, problem)
    about = Subject(current_workspace_id(), candidate.message_id)
    try:
        letter = write_letter(candidate.text, context, about)
    except WrongTemplate as refusal:
        return _Decision(candidate, MessageState.FAILED, refusal.sentence)
    return _Decision(candidate, MessageState.SENDING, letter=letter)


def _objection(candidate: _Candidate, refused: set[str]) -> str:
    if not candidate.email:
        return _("The lead has no email address.")
    if candidate.do_not_email:
        return _("The lead is marked “do not email”.")
    if candidate.email.lower() in refused:
        return _("The address has unsubscribed or does not work.")
    return ""


def _write_claim(decisions: Iterable[_Decision], now: datetime) -> None:
    links = [
        {"message_id": str(each.candidate.message_id), "number": number, "target": target}
        for each in decisions
        if each.letter
        for number, target in enumerate(each.letter.targets, start=1)
    ]
    rows = [each.as_row() for each in decisions]
    execute(CLAIM, rows=json.dumps(rows), links=json.dumps(links), now=now)


def _claimed(decision: _Decision, contexts: Mapping[UUID, dict[str, Any]]) -> Claimed:
    candidate, letter = decision.candidate, decision.letter
    assert letter is not None  # noqa: S101  # only such decisions are asked for
    about = Subject(current_workspace_id(), candidate.message_id)
    mail = mime(
        letter,
        to=candidate.email,
        answers_to=candidate.answers_to,
        context=contexts[candidate.lead_id],
        about=about,
    )
    return Claimed(
        message_id=candidate.message_id,
        lead_id=candidate.lead_id,
        attempts=candidate.attempts,
        subject=letter.subject,
        email=candidate.email,
        mail=mail,
    )


def _noted(claimed: Claimed, outcome: Outcome, now: datetime) -> dict[str, Any]:
    row = {"id": str(claimed.message_id), "problem": outcome.problem, "due_at": None}
    if outcome.fate is Fate.PUT_OFF and claimed.attempts < TRIES:
        wait = min(FIRST_WAIT * 2 ** (claimed.attempts - 1), LONGEST_WAIT)
        return row | {"state": MessageState.PLANNED, "due_at": (now + wait).isoformat()}
    return row | {"state": STATE_OF[outcome.fate]}


STATE_OF = {
    Fate.SENT: MessageState.SENT,
    Fate.REFUSED: MessageState.FAILED,
    Fate.PUT_OFF: MessageState.FAILED,
    Fate.UNCERTAIN: MessageState.UNCERTAIN,
}


def _facts(outcomes: Many[tuple[Claimed, Outcome]], now: datetime) -> Iterable[NewActivity]:
    for claimed, outcome in outcomes:
        if outcome.fate is Fate.SENT:
            yield _fact(Kind.MESSAGE_SENT, claimed, now, {"subject": claimed.subject})
        elif outcome.is_bounce:
            said = {"subject": claimed.subject, "problem": outcome.problem}
            yield _fact(Kind.MESSAGE_BOUNCED, claimed, now, said)


def _fact(kind: Kind, claimed: Claimed, now: datetime, said: dict[str, str]) -> NewActivity:
    return NewActivity(
        kind=kind,
        occurred_at=now,
        lead_id=claimed.lead_id,
        properties=said | {"message_id": str(claimed.message_id)},
        key=f"{kind}:{claimed.message_id}",
    )
