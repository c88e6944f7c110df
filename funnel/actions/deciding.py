"""What sales says about an MQL: accepted, rejected, recycled; only with a reason."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.holding import id_of, locked_in_queue
from funnel.actions.returns import refuse_no_day
from funnel.actions.stages import enter_stage
from funnel.models import Disposition, DispositionKind, NextStep, Outcome, Qualification, StageMove
from funnel.playbook import Reason
from funnel.queries.playbooks import playbook_in_force, reasons_of
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.actions.standing import assign_leads
from leads.kinds import Kind
from leads.models import Lead, Stage
from scoring.models import ModelVersion

GOES_TO = {DispositionKind.REJECTED: Stage.LEAD, DispositionKind.RECYCLED: Stage.NURTURING}
SAID = {
    Outcome.POSITIVE: (DispositionKind.ACCEPTED, "qualified"),
    Outcome.NOT_NOW: (DispositionKind.RECYCLED, "qualification"),
    Outcome.NEGATIVE: (DispositionKind.REJECTED, "qualification"),
}
LONGEST_WORDS = 300


class CannotDecide(Refusal):
    """The reason is missing, or none of the playbook's."""


def accept_mql(
    lead: Lead, *, reason: str, by: Member | None, now: datetime, words: str = ""
) -> Disposition:
    """Say that marketing was right; the lead stays where it is. Needs a reason."""
    why = _reason_called(DispositionKind.ACCEPTED, reason)
    with transaction.atomic():
        if done := _decided_already(lead, DispositionKind.ACCEPTED, by):
            return done
        fresh = locked_in_queue(lead, by)
        return _note(fresh, DispositionKind.ACCEPTED, why, words.strip(), by=by, now=now)


def reject_mql(
    lead: Lead, *, reason: str, words: str, by: Member | None, now: datetime
) -> Disposition:
    """A wrong lead goes back to marketing, out of everybody's hands, and cools off.

    Refuses without a reason of the playbook and without words that tell marketing more.
    """
    why = _reason_called(DispositionKind.REJECTED, reason)
    if not words.strip():
        sentence = _("Say in a few words what was wrong, so that marketing can do better.")
        raise CannotDecide(sentence, field="words")
    return _send_back(lead, DispositionKind.REJECTED, why, words.strip(), by=by, now=now)


def recycle_mql(
    lead: Lead,
    *,
    reason: str,
    return_on: date | None,
    by: Member | None,
    now: datetime,
    words: str = "",
) -> Disposition:
    """Not now: the lead is nurtured until `return_on`, cools off, and then goes to somebody else.

    Refuses without a reason of the playbook, and without a day within two years.
    """
    why = _reason_called(DispositionKind.RECYCLED, reason)
    refuse_no_day(return_on, now, CannotDecide)
    return _send_back(
        lead, DispositionKind.RECYCLED, why, words.strip(), by=by, now=now, return_on=return_on
    )


def note_conclusion(told: Qualification, lead: Lead, *, by: Member | None, now: datetime) -> None:
    """A concluded qualification says it as well: qualified is accepted, never is rejected."""
    kind, key = SAID[Outcome(told.outcome)]
    _keep(lead, kind, key, told.reason, by=by, now=now, qualification=told)


def _send_back(
    lead: Lead,
    kind: DispositionKind,
    why: Reason,
    words: str,
    *,
    by: Member | None,
    now: datetime,
    return_on: date | None = None,
) -> Disposition:
    with transaction.atomic():
        if done := _decided_already(lead, kind, by):
            return done
        fresh = locked_in_queue(lead, by)
        noted = _note(fresh, kind, why, words, by=by, now=now)
        reason = ": ".join(each for each in (str(kind.label), why.words, words) if each)
        NextStep.objects.filter(lead=fresh, done_at=None).update(done_at=now)
        assign_leads([fresh.pk], owner=None, by=by, now=now)
        stage = GOES_TO[kind]
        enter_stage([fresh.pk], stage=stage, reason=reason, by=by, now=now, return_on=return_on)
    return noted


def _reason_called(kind: DispositionKind, key: str) -> Reason:
    known = {each.key: each for each in reasons_of(playbook_in_force(), kind)}
    if key in known:
        return known[key]
    allowed = ", ".join(f"{each.words} ({each.key})" for each in known.values())
    sentence = _("“%(key)s” is no reason here; choose one of: %(allowed)s.")
    if not key:
        sentence = _("Choose a reason: %(allowed)s.")
    raise CannotDecide(sentence % {"key": key, "allowed": allowed}, field="reason")


def _decided_already(lead: Lead, kind: DispositionKind, by: Member | None) -> Disposition | None:
    """What a double click would say again: the lead has not moved since."""
    fresh = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    last: Disposition | None = (
        Disposition.objects.filter(lead=fresh, cycle=fresh.cycle).order_by("-decided_at").first()
    )
    if last is None or last.kind != kind or last.by_id != id_of(by):
        return None
    if kind == DispositionKind.ACCEPTED:
        return last if last.made_at == _made(fresh)[0] else None
    return last if last.decided_at == fresh.stage_entered_at else None


def _note(
    lead: Lead,
    kind: DispositionKind,
    why: Reason,
    words: str,
    *,
    by: Member | None,
    now: datetime,
) -> Disposition:
    fact = NewActivity(
        Kind.DISPOSITION,
        now,
        lead_id=lead.pk,
        properties={"kind_of": kind.value, "reason": why.words, "words": words, "key": why.key},
        by_id=id_of(by),
    )
    record_activities([fact], now=now)
    return _keep(lead, kind, why.key, words, by=by, now=now)


def _keep(
    lead: Lead,
    kind: str,
    reason: str,
    words: str,
    *,
    by: Member | None,
    now: datetime,
    qualification: Qualification | None = None,
) -> Disposition:
    made_at, move = _made(lead)
    version = ModelVersion.objects.main().numbered().filter(published_at__lte=made_at).first()
    kept: Disposition
    kept, _is_new = Disposition.objects.update_or_create(
        lead=lead,
        made_at=made_at,
        defaults={
            "kind": kind,
            "reason": reason,
            "words": words[:LONGEST_WORDS],
            "definition_id": move.definition_id if move else None,
            "score_version": version,
            "qualification": qualification,
            "cycle": lead.cycle,
            "by": by,
            "decided_at": now,
        },
    )
    return kept


def _made(lead: Lead) -> tuple[datetime, StageMove | None]:
    """When the lead became this MQL, and by which move; who never was one came as it is."""
    moves = StageMove.objects.filter(lead=lead, to_stage=Stage.MQL, cycle=lead.cycle)
    move: StageMove | None = moves.order_by("-moved_at", "-id").first()
    entered: datetime = move.moved_at if move else lead.stage_entered_at
    return entered, move
