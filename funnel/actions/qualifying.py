"""Qualifying a lead: what conversations told, and what follows from it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.arranging import arrange_queue
from funnel.actions.deciding import note_conclusion
from funnel.actions.holding import id_of, require_claim
from funnel.actions.returns import refuse_no_day
from funnel.actions.stages import enter_stage
from funnel.answering import joined_answers
from funnel.models import Outcome, Playbook, Qualification
from funnel.playbook import Answers, Demand, Question, in_favour, unmet
from funnel.queries.playbooks import playbook_in_force, questions_of
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from leads.models import Lead, Stage

LEADS_TO = {
    Outcome.POSITIVE: Stage.SQL,
    Outcome.NOT_NOW: Stage.NURTURING,
    Outcome.NEGATIVE: Stage.DISQUALIFIED,
}


class Told(TypedDict, total=False):
    """What is known so far; what is left out stays as it is.

    `answers`: see Qualification. `worth` is in minor units.
    """

    answers: Answers
    spoken_to: str
    is_authorised: bool
    best_channel: str
    worth: int | None
    reason: str
    return_on: date | None


class CannotQualifyLead(Refusal):
    """The qualification does not hold yet; the sentence says what is missing."""


class QualificationConcluded(Conflict):
    """The lead has moved on, and this qualification with it."""


def save_qualification(
    lead: Lead, told: Told, *, by: Member | None, now: datetime, seen_at: datetime | None = None
) -> Qualification:
    """Keep what is known so far; begins a qualification when none is open.

    An answer without a day is of today. `seen_at`: refuses if somebody has concluded one since.
    Refuses what is no question of the playbook, and no answer to one.
    """
    require_claim(lead, by)
    with transaction.atomic():
        kept = _opened(lead, now, seen_at)
        playbook = playbook_in_force()
        questions = questions_of(playbook)
        kept.answers = joined_answers(
            kept.answers, told.get("answers", {}), questions, now, CannotQualifyLead
        )
        for name, value in told.items():
            if name != "answers":
                setattr(kept, name, value)
        kept.playbook = playbook if playbook.version else None
        kept.in_favour = in_favour(questions, kept.answers)
        kept.by, kept.saved_at = by, now
        kept.save()
        arrange_queue([lead.pk])
    return kept


def qualify_lead(
    lead: Lead,
    *,
    outcome: str,
    by: Member | None,
    now: datetime,
    told: Told | None = None,
    seen_at: datetime | None = None,
) -> Qualification:
    """Conclude the qualification, and let the lead go where it says.

    Positive → SQL, if the playbook's rule allows it. Not now → nurturing, back on `return_on`.
    Negative → disqualified, with a reason. Refuses otherwise with a sentence that says what is
    missing. The same conclusion again changes nothing.
    """
    with transaction.atomic():
        fresh = (
            Lead.objects.select_for_update(no_key=True, of=("self",))
            .select_related("owner")
            .get(pk=lead.pk)
        )
        if done := _concluded_already(fresh, outcome):
            return done
        require_claim(fresh, by)
        _refuse_finished_lead(fresh)
        kept = save_qualification(fresh, told or {}, by=by, now=now, seen_at=seen_at)
        _refuse_missing(kept, outcome, now)
        _conclude(kept, outcome, by=by, now=now)
        note_conclusion(kept, fresh, by=by, now=now)
        _follow(kept, by=by, now=now)
    return kept


def _opened(lead: Lead, now: datetime, seen_at: datetime | None) -> Qualification:
    if seen_at and Qualification.objects.filter(lead=lead, concluded_at__gt=seen_at).exists():
        sentence = _("%(lead)s has been qualified meanwhile. Copy what you need, then reload.")
        raise QualificationConcluded(sentence % {"lead": lead})
    Qualification.objects.get_or_create(
        lead=lead, outcome="", defaults={"begun_at": now, "cycle": lead.cycle}
    )
    kept: Qualification = Qualification.objects.select_for_update().get(lead=lead, outcome="")
    return kept


def _concluded_already(lead: Lead, outcome: str) -> Qualification | None:
    last: Qualification | None = (
        Qualification.objects.filter(lead=lead, cycle=lead.cycle, concluded_at__isnull=False)
        .order_by("-concluded_at")
        .first()
    )
    if last and last.outcome == outcome and lead.stage == LEADS_TO[Outcome(outcome)]:
        return last
    return None


def _refuse_finished_lead(lead: Lead) -> None:
    if lead.stage in (Stage.CUSTOMER, Stage.DISQUALIFIED):
        sentence = _("%(lead)s is in the stage %(stage)s. Move it first, with a reason.")
        values = {"lead": lead, "stage": lead.get_stage_display()}
        raise QualificationConcluded(sentence % values)


def _refuse_missing(told: Qualification, outcome: str, now: datetime) -> None:
    if outcome == Outcome.POSITIVE:
        playbook = told.playbook or Playbook()
        _refuse_nobody(told, playbook)
        _refuse_unproven(told, playbook)
    elif outcome == Outcome.NOT_NOW:
        refuse_no_day(told.return_on, now, CannotQualifyLead)
    elif not told.reason.strip():
        raise CannotQualifyLead(_("Say why this lead will never buy."), field="reason")


def _refuse_nobody(told: Qualification, playbook: Playbook) -> None:
    if not told.spoken_to.strip():
        raise CannotQualifyLead(_("Name the person you spoke to."), field="spoken_to")
    if playbook.needs_authorised and not told.is_authorised:
        sentence = _("%(person)s may not decide. Speak to somebody who may, then qualify.")
        raise CannotQualifyLead(sentence % {"person": told.spoken_to}, field="is_authorised")


def _refuse_unproven(told: Qualification, playbook: Playbook) -> None:
    questions = questions_of(playbook)
    sentences = {
        Demand.KNOWN: _("Still unknown: %(labels)s. Answer yes, partly or no."),
        Demand.NOT_AGAINST: _("This speaks against buying: %(labels)s. The playbook allows none."),
        Demand.IN_FAVOUR: _("The playbook wants these to speak for buying: %(labels)s."),
    }
    for demand, short in unmet(questions, told.answers).items():
        if short:
            labels = ", ".join(each.words for each in short)
            sentence = sentences[Demand(demand)] % {"labels": labels}
            raise CannotQualifyLead(sentence, field=short[0].key)
    if told.in_favour < playbook.least_in_favour:
        sentence = _("%(count)d answers speak for buying; the playbook wants at least %(least)d.")
        values = {"count": told.in_favour, "least": playbook.least_in_favour}
        raise CannotQualifyLead(sentence % values, field=questions[0].key)


def _conclude(told: Qualification, outcome: str, *, by: Member | None, now: datetime) -> None:
    told.outcome, told.concluded_at = outcome, now
    told.answers = {
        key: {**answer, "by": answer.get("by") or told.spoken_to}
        for key, answer in told.answers.items()
    }
    told.save(update_fields=["outcome", "concluded_at", "answers"])
    answers = {key: answer["answer"] for key, answer in told.answers.items()}
    activity = NewActivity(
        kind=Kind.QUALIFICATION,
        occurred_at=now,
        lead_id=told.lead_id,
        properties={**answers, "outcome": outcome, "spoken_to": told.spoken_to},
        by_id=id_of(by),
    )
    record_activities([activity], now=now)


def _follow(told: Qualification, *, by: Member | None, now: datetime) -> None:
    enter_stage(
        [told.lead_id],
        stage=LEADS_TO[Outcome(told.outcome)],
        reason=_reason(told),
        by=by,
        now=now,
        return_on=told.return_on,
        is_agreed=told.outcome == Outcome.NOT_NOW,
    )


def _reason(told: Qualification) -> str:
    if told.outcome == Outcome.POSITIVE:
        return _("Qualified after speaking to %(person)s.") % {"person": told.spoken_to}
    if told.outcome == Outcome.NEGATIVE:
        return told.reason
    day = _("Not now; back on %(day)s.") % {"day": told.return_on}
    return f"{day} {told.reason}".strip()


def asked(told: Qualification, questions: list[Question]) -> list[Mapping[str, Any]]:
    """Each question with what was answered, in words that stay true: for archives."""
    return [
        {"asked": each.words, **told.answers.get(each.key, {"answer": "unknown"})}
        for each in questions
    ]
