"""A rep at work: trying to reach a lead, and promising what comes next."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funnel.actions.holding import id_of, require_claim
from funnel.events import LeadsAttempted
from funnel.models import NextStep
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import ATTEMPTS, Kind
from leads.models import Activity, Lead


class AttemptOutcome(models.TextChoices):
    """What came of an attempt."""

    REACHED = "reached", gettext_lazy("Reached")
    NO_ANSWER = "no_answer", gettext_lazy("No answer")
    LEFT_MESSAGE = "left_message", gettext_lazy("Left a message")
    WRONG_NUMBER = "wrong_number", gettext_lazy("Wrong number")
    SENT = "sent", gettext_lazy("Sent")


OUTCOMES: dict[str, tuple[AttemptOutcome, ...]] = {
    Kind.CALL: (
        AttemptOutcome.REACHED,
        AttemptOutcome.NO_ANSWER,
        AttemptOutcome.LEFT_MESSAGE,
        AttemptOutcome.WRONG_NUMBER,
    ),
    Kind.EMAIL: (AttemptOutcome.SENT, AttemptOutcome.REACHED),
    Kind.VOICE_MESSAGE: (AttemptOutcome.LEFT_MESSAGE,),
    Kind.MEETING: (AttemptOutcome.REACHED, AttemptOutcome.NO_ANSWER),
}


class CannotLogAttempt(Refusal):
    """The attempt makes no sense as told."""


class AttemptKeyTaken(Conflict):
    """The key has told of something else."""


def log_attempt(
    lead: Lead,
    *,
    kind: str,
    outcome: str,
    by: Member | None,
    now: datetime,
    note: str = "",
    next_step: str = "",
    next_step_at: datetime | None = None,
    key: str | None = None,
) -> None:
    """Write down that somebody tried to reach the lead; ends the next step that was promised.

    Refuses an outcome that does not go with the kind, a next step without a day or in the past,
    and a rep at a lead they have not claimed. The same `key` again is the same attempt; one that
    has told of something else, with another lead for example, is refused.
    """
    require_claim(lead, by)
    _refuse_wrong_outcome(kind, outcome)
    _refuse_vague_next_step(next_step, next_step_at, now)
    facts = {"outcome": outcome, "note": note, "next_step": next_step}
    activity = NewActivity(
        kind=kind,
        occurred_at=now,
        lead_id=lead.pk,
        properties={name: value for name, value in facts.items() if value},
        key=key,
        by_id=id_of(by),
    )
    with transaction.atomic():
        if record_activities([activity], now=now).count == 0:
            _refuse_taken(key, lead)
            return
        NextStep.objects.filter(lead=lead, done_at=None).update(done_at=now)
        if next_step_at:
            what = next_step or _("Try again")
            NextStep.objects.create(lead=lead, what=what, due_at=next_step_at, by=by)
        publish(LeadsAttempted((lead.pk,)))


def _refuse_taken(key: str | None, lead: Lead) -> None:
    """The attempt was told before, or else nothing is kept, which somebody has to know."""
    if not Activity.objects.filter(lead=lead, key=key, kind__in=ATTEMPTS).exists():
        sentence = _(
            "The key “%(key)s” has told of something else, so nothing is stored. Send a key of its"
            " own."
        )
        raise AttemptKeyTaken(sentence % {"key": key}, field="key")


def _refuse_wrong_outcome(kind: str, outcome: str) -> None:
    if kind not in ATTEMPTS:
        sentence = _(
            "“%(kind)s” is no way to reach a lead; use call, email, voice message or meeting."
        )
        raise CannotLogAttempt(sentence % {"kind": kind}, field="kind")
    if outcome in OUTCOMES[kind]:
        return
    allowed = ", ".join(str(each.label) for each in OUTCOMES[kind])
    sentence = _("“%(outcome)s” cannot come of this; it takes: %(allowed)s.")
    raise CannotLogAttempt(sentence % {"outcome": outcome, "allowed": allowed}, field="outcome")


def _refuse_vague_next_step(what: str, at: datetime | None, now: datetime) -> None:
    if what and at is None:
        raise CannotLogAttempt(_("Say when the next step is due."), field="next_step_at")
    if at is not None and at <= now:
        raise CannotLogAttempt(
            _("The next step lies in the past; choose a later time."), field="next_step_at"
        )
