"""BANT: from MQL to SQL, or back with a date."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from funnel.actions.qualifying import (
    CannotQualifyLead,
    QualificationConcluded,
    qualify_lead,
    save_qualification,
)
from funnel.models import NurturingReturn, Qualification, StageMove
from leadmgmt.workspaces.models import Member
from leads.models import Activity, Lead
from tests.builders import a_lead, told

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def lead(rita: Member) -> Lead:
    return a_lead(name="Nina", stage="mql", owner=rita)


def qualify(lead: Lead, by: Member, outcome: str = "positive", **answers: Any) -> Qualification:
    known: Any = told(**answers)
    return qualify_lead(lead, outcome=outcome, told=known, by=by, now=NOW)


def test_a_person_who_may_decide_makes_an_sql(lead: Lead, rita: Member) -> None:
    kept = qualify(lead, rita)
    lead.refresh_from_db()
    assert (lead.stage, kept.outcome, kept.by) == ("sql", "positive", rita)
    assert StageMove.objects.get(lead=lead).reason == "Qualified after speaking to Anna Bell."
    assert Activity.objects.get(kind="qualification").properties["need"] == "yes"


@pytest.mark.parametrize(
    ("answers", "sentence", "field"),
    [
        ({"spoken_to": ""}, "Name the person", "spoken_to"),
        ({"is_authorised": False}, "Anna Bell may not decide", "is_authorised"),
        ({"need": "unknown", "timing": "unknown"}, "Still unknown: Need, Timing", "need"),
    ],
)
def test_a_positive_qualification_needs_proof(
    lead: Lead, rita: Member, answers: dict[str, Any], sentence: str, field: str
) -> None:
    with pytest.raises(CannotQualifyLead, match=sentence) as refused:
        qualify(lead, rita, **answers)
    assert refused.value.field == field
    lead.refresh_from_db()
    assert lead.stage == "mql"


@pytest.mark.parametrize("return_on", [None, date(2026, 3, 2), date(2029, 1, 1)])
def test_not_now_needs_a_day_to_come_back(lead: Lead, rita: Member, return_on: date | None) -> None:
    with pytest.raises(CannotQualifyLead) as refused:
        qualify(lead, rita, "not_now", return_on=return_on)
    assert refused.value.field == "return_on"


def test_not_now_returns_to_nurturing_with_the_day(lead: Lead, rita: Member) -> None:
    qualify(lead, rita, "not_now", return_on=date(2026, 6, 1), budget="unknown")
    lead.refresh_from_db()
    assert (lead.stage, lead.owner) == ("nurturing", rita)
    assert NurturingReturn.objects.get(lead=lead).is_agreed


def test_never_needs_a_reason(lead: Lead, rita: Member) -> None:
    with pytest.raises(CannotQualifyLead, match="Say why"):
        qualify(lead, rita, "negative")
    qualify(lead, rita, "negative", reason="Is a competitor")
    lead.refresh_from_db()
    assert lead.stage == "disqualified"


def test_the_same_conclusion_again_changes_nothing(lead: Lead, rita: Member) -> None:
    assert qualify(lead, rita) == qualify(lead, rita)
    assert (Qualification.objects.count(), StageMove.objects.count()) == (1, 1)


def test_a_customer_is_not_qualified_again(rita: Member) -> None:
    with pytest.raises(QualificationConcluded, match="Customer"):
        qualify(a_lead(stage="customer"), rita)


def test_progress_is_kept_and_concluded_as_one_qualification(lead: Lead, rita: Member) -> None:
    budget = {"answer": "yes", "note": "50k", "by": "Ben Bell"}
    save_qualification(lead, {"answers": {"budget": budget}}, by=rita, now=NOW)
    save_qualification(lead, {"answers": {"need": {"answer": "partly"}}}, by=rita, now=NOW)
    kept = qualify(lead, rita)
    day = {"on": NOW.date().isoformat()}
    assert kept.answers["budget"] == budget | day
    assert kept.answers["need"] == {"answer": "yes", "by": "Anna Bell"} | day
    assert Qualification.objects.count() == 1
