"""An answer to a form becomes a lead: the whole way in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from capture.actions.agreeing import record_agreement
from capture.actions.tracking import campaigns_by_key
from capture.events import FormsSubmitted
from capture.models import Form, Submission, Verdict
from capture.questions import MESSAGE, custom_fields, lead_of
from capture.touches import Touch, split_safely
from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.events import publish
from leadmgmt.kernel.strict import as_jsonb
from leads.actions.activities import NewActivity, record_activities
from leads.actions.meeting import NewVisitor, meet_visitors
from leads.actions.resolving import Terms, resolve_leads
from leads.actions.visitors import stitch_visitors
from leads.kinds import Kind
from leads.models import Via, Visitor
from leads.rows import NewLead


@dataclass(frozen=True)
class Answer:
    """What came in: checked values, and where from. `token` is the same for a double click."""

    token: str
    values: dict[str, Any]
    verdict: Verdict
    reason: str
    touch: Touch
    visitor_token: str = ""
    page: str = ""


KEEP = """
INSERT INTO capture_submission (
    workspace_id, form_id, token, received_at, values, consent, page, verdict, reason,
    visitor_id, source, medium, campaign_id)
VALUES (%(workspace)s, %(form)s, %(token)s, %(now)s, %(values)s::jsonb, %(consent)s, %(page)s,
    %(verdict)s, %(reason)s, %(visitor)s, %(source)s, %(medium)s, %(campaign)s)
ON CONFLICT (workspace_id, form_id, token) DO NOTHING
RETURNING id
"""

COUNT = """
INSERT INTO capture_formday AS day (workspace_id, form_id, day, views, refusals)
VALUES (%(workspace)s, %(form)s, %(day)s, %(views)s, %(refusals)s)
ON CONFLICT (workspace_id, form_id, day) DO UPDATE
SET views = day.views + excluded.views, refusals = day.refusals + excluded.refusals
"""


def submit_form(form: Form, answer: Answer, *, now: datetime) -> Submission:
    """Keep the answer and, unless it is spam, make or find its lead.

    The same answer again changes nothing and returns what was kept the first time.
    """
    with transaction.atomic():
        visitor_id = _visitor(answer, now) if answer.visitor_token else None
        submission_id = _keep(form, answer, visitor_id, now)
        if submission_id is None:
            known: Submission = Submission.objects.get(form=form, token=answer.token)
            return known
        submission: Submission = Submission.objects.get(pk=submission_id)
        if answer.verdict == Verdict.ACCEPTED:
            _bring_in(form, submission, now=now)
        return submission


def accept_submission(submission: Submission, *, now: datetime) -> Submission:
    """It was no spam after all: make or find its lead, as if it had been accepted at once."""
    with transaction.atomic():
        kept: Submission = Submission.objects.select_for_update().get(pk=submission.pk)
        if kept.verdict == Verdict.SPAM:
            Submission.objects.filter(pk=kept.pk).update(verdict=Verdict.ACCEPTED)
            kept.verdict = Verdict.ACCEPTED
            _bring_in(kept.form, kept, now=now)
        return kept


def count_view(form: Form, *, on: date) -> None:
    """The form was shown to a person once more."""
    _count(form, on, views=1)


def count_refusal(form: Form, *, on: date) -> None:
    """An answer was turned back with sentences at its fields."""
    _count(form, on, refusals=1)


def _bring_in(form: Form, submission: Submission, *, now: datetime) -> None:
    """Resolve the lead, give it the visitor's past, and put the answer on its timeline."""
    first = _first_touch(form, submission)
    facts = lead_of(submission.values, custom_fields())
    kind_properties = {"form": form.name, "form_id": str(form.pk)}
    [resolved] = resolve_leads(
        [NewLead(**facts, **first)],
        now=now,
        properties=kind_properties,
        via=Via.FORM,
        via_id=form.pk,
        terms=Terms(admits_erased=True),  # they come back by themselves
    )
    if submission.visitor_id:
        stitch_visitors([(submission.visitor_id, resolved.lead_id)], now=now)
    Submission.objects.filter(pk=submission.pk).update(lead_id=resolved.lead_id)
    submission.lead_id = resolved.lead_id
    record_activities([_activity(form, submission, kind_properties)], now=now)
    record_agreement(form, submission, now=now)
    publish(FormsSubmitted((resolved.lead_id,), form=str(form.pk)))


def _activity(form: Form, submission: Submission, properties: dict[str, Any]) -> NewActivity:
    message = submission.values.get(MESSAGE, "")
    path = split_safely(submission.page).path
    more = {"path": path, "message": message, "consent": submission.consent}
    return NewActivity(
        kind=Kind.FORM_SUBMITTED,
        occurred_at=submission.received_at,
        lead_id=submission.lead_id,
        visitor_id=submission.visitor_id,
        campaign_id=submission.campaign_id,
        source=submission.source,
        medium=submission.medium,
        properties=properties | {name: value for name, value in more.items() if value},
        key=f"submission:{submission.pk}",
    )


def _first_touch(form: Form, submission: Submission) -> dict[str, Any]:
    """What first brought this person: the visitor's first visit, or else this one."""
    visitor = None
    if submission.visitor_id:
        visitor = Visitor.objects.get(pk=submission.visitor_id)
    if visitor is not None and visitor.source and visitor.lead_id is None:
        return {
            "source": visitor.source,
            "medium": visitor.medium,
            "campaign_id": visitor.campaign_id or submission.campaign_id,
            "first_seen_at": visitor.first_seen_at,
        }
    return {
        "source": submission.source,
        "medium": submission.medium,
        "campaign_id": submission.campaign_id,
        "first_seen_at": submission.received_at,
    }


def _visitor(answer: Answer, now: datetime) -> UUID:
    campaigns = campaigns_by_key([answer.touch.campaign_key])
    met = NewVisitor(
        token=answer.visitor_token,
        first_seen_at=now,
        source=answer.touch.source,
        medium=answer.touch.medium,
        campaign_id=campaigns.get(answer.touch.campaign_key.lower()),
    )
    return meet_visitors([met])[answer.visitor_token]


def _keep(form: Form, answer: Answer, visitor_id: UUID | None, now: datetime) -> UUID | None:
    """The id of the stored answer; None when it is stored already."""
    campaigns = campaigns_by_key([answer.touch.campaign_key])
    row: dict[str, Any] = {
        "workspace": current_workspace_id(),
        "form": form.pk,
        "token": answer.token,
        "now": now,
        "values": as_jsonb(answer.values),
        "consent": form.consent,
        "page": answer.page,
        "verdict": answer.verdict,
        "reason": answer.reason,
        "visitor": visitor_id,
        "source": answer.touch.source,
        "medium": answer.touch.medium,
        "campaign": campaigns.get(answer.touch.campaign_key.lower(), form.campaign_id),
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, row)
        kept = cursor.fetchone()
    return kept[0] if kept else None


def _count(form: Form, on: date, *, views: int = 0, refusals: int = 0) -> None:
    row: dict[str, Any] = {"workspace": current_workspace_id(), "form": form.pk, "day": on}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, row | {"views": views, "refusals": refusals})
