"""Qualifying a lead: what a conversation told, and what follows from it."""

from datetime import date, datetime, timedelta
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.actions.holding import id_of, require_hold
from funnel.actions.returns import start_of
from funnel.actions.stages import enter_stage
from funnel.models import BANT, Answer, Outcome, Qualification
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.kinds import Kind
from leads.models import Lead, Stage

LONGEST_PAUSE = timedelta(days=730)

LEADS_TO = {
    Outcome.POSITIVE: Stage.SQL,
    Outcome.NOT_NOW: Stage.NURTURING,
    Outcome.NEGATIVE: Stage.DISQUALIFIED,
}


class Answers(TypedDict, total=False):
    """What is known so far; what is left out stays as it is."""

    budget: str
    budget_note: str
    authority: str
    authority_note: str
    need: str
    need_note: str
    timing: str
    timing_note: str
    spoken_to: str
    is_authorised: bool
    is_approval_outstanding: bool
    is_right_time: bool
    best_channel: str
    reason: str
    return_on: date | None


class CannotQualifyLead(Refusal):
    """The qualification does not hold yet; the sentence says what is missing."""


class QualificationConcluded(Conflict):
    """The lead has moved on, and this qualification with it."""


def save_qualification(
    lead: Lead, answers: Answers, *, by: Member | None, now: datetime
) -> Qualification:
    """Keep what is known so far; begins a qualification when none is open."""
    require_hold(lead, by)
    with transaction.atomic():
        open_one, _is_new = Qualification.objects.get_or_create(
            lead=lead, outcome="", defaults={"begun_at": now, "cycle": lead.cycle}
        )
        Qualification.objects.filter(pk=open_one.pk).update(by=by, **answers)
        open_one.refresh_from_db()
    return open_one


def qualify_lead(
    lead: Lead,
    *,
    outcome: str,
    by: Member | None,
    now: datetime,
    answers: Answers | None = None,
) -> Qualification:
    """Conclude the qualification, and let the lead go where it says.

    Positive → SQL: needs a person spoken to who may decide, and no BANT answer unknown. Not now →
    nurturing, back on `return_on`. Negative → disqualified, with a reason. Refuses otherwise with
    a sentence that says what is missing. The same conclusion again changes nothing.
    """
    require_hold(lead, by)
    with transaction.atomic():
        fresh = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
        if done := _concluded_already(fresh, outcome):
            return done
        _refuse_finished_lead(fresh)
        told = save_qualification(fresh, answers or {}, by=by, now=now)
        _refuse_missing(told, outcome, now)
        _conclude(told, outcome, by=by, now=now)
        _follow(told, by=by, now=now)
    return told


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
        _refuse_unproven(told)
    elif outcome == Outcome.NOT_NOW:
        _refuse_no_day(told.return_on, now)
    elif not told.reason.strip():
        raise CannotQualifyLead(_("Say why this lead will never buy."), field="reason")


def _refuse_unproven(told: Qualification) -> None:
    if not told.spoken_to.strip():
        raise CannotQualifyLead(_("Name the person you spoke to."), field="spoken_to")
    if not told.is_authorised:
        sentence = _("%(person)s may not decide. Speak to somebody who may, then qualify.")
        raise CannotQualifyLead(sentence % {"person": told.spoken_to}, field="is_authorised")
    unknown = [name for name in BANT if getattr(told, name) == Answer.UNKNOWN]
    if unknown:
        labels = ", ".join(label_of(name) for name in unknown)
        sentence = _("Still unknown: %(labels)s. Answer yes, partly or no.")
        raise CannotQualifyLead(sentence % {"labels": labels}, field=unknown[0])


def label_of(name: str) -> str:
    field: Any = Qualification._meta.get_field(name)
    return str(field.verbose_name)


def _refuse_no_day(return_on: date | None, now: datetime) -> None:
    if return_on is None:
        sentence = _("Say on which day to come back, so that the lead is not forgotten.")
        raise CannotQualifyLead(sentence, field="return_on")
    if not now < start_of(return_on) <= now + LONGEST_PAUSE:
        sentence = _("%(day)s does not do: choose a day from tomorrow to two years from now.")
        raise CannotQualifyLead(sentence % {"day": return_on.isoformat()}, field="return_on")


def _conclude(told: Qualification, outcome: str, *, by: Member | None, now: datetime) -> None:
    told.outcome, told.concluded_at = outcome, now
    told.save(update_fields=["outcome", "concluded_at"])
    answers = {name: getattr(told, name) for name in BANT}
    activity = NewActivity(
        kind=Kind.QUALIFICATION,
        occurred_at=now,
        lead_id=told.lead_id,
        properties={"outcome": outcome, "spoken_to": told.spoken_to, **answers},
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
