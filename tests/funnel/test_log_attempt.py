"""A rep tries to reach a lead."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from funnel.actions.holding import CannotWorkLead
from funnel.actions.working import AttemptKeyTaken, CannotLogAttempt, log_attempt
from funnel.events import LeadsAttempted
from funnel.models import NextStep
from leadmgmt.kernel import events
from leadmgmt.workspaces.models import Member
from leads.actions.activities import NewActivity, record_activities
from leads.models import Activity, Lead
from tests.builders import a_key, a_lead
from tests.clients import api_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def lead(rita: Member) -> Lead:
    return a_lead(name="Nina", stage="mql", owner=rita)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[LeadsAttempted]:
    said: list[LeadsAttempted] = []
    monkeypatch.setattr(events, "_table", {LeadsAttempted: [events.now(said.append)]})
    return said


def log(lead: Lead, by: Member, **given: Any) -> None:
    standard: dict[str, Any] = {"kind": "call", "outcome": "no_answer", "by": by, "now": NOW}
    log_attempt(lead, **standard | given)


def test_an_attempt_is_on_the_timeline_and_announced(
    lead: Lead, rita: Member, heard: list[LeadsAttempted]
) -> None:
    log(lead, rita, note="Mailbox full")
    fact = Activity.objects.get(lead=lead)
    assert (fact.kind, fact.by, fact.occurred_at) == ("call", rita, NOW)
    assert fact.properties == {"outcome": "no_answer", "note": "Mailbox full"}
    assert heard == [LeadsAttempted((lead.pk,))]


def test_a_double_click_is_one_attempt(
    lead: Lead, rita: Member, heard: list[LeadsAttempted]
) -> None:
    for _ in range(2):
        log(lead, rita, key="form-1", next_step="Call", next_step_at=TOMORROW)
    assert (Activity.objects.count(), NextStep.objects.count(), len(heard)) == (1, 1, 1)


def test_a_key_that_told_of_another_lead_is_refused(
    lead: Lead, rita: Member, heard: list[LeadsAttempted]
) -> None:
    other = a_lead(name="Otto", stage="mql", owner=rita)
    log(lead, rita, key="call-7")
    with pytest.raises(AttemptKeyTaken, match="“call-7” has told of something else"):
        log(other, rita, key="call-7", next_step="Call", next_step_at=TOMORROW)
    record_activities([NewActivity("visit", NOW, lead_id=lead.pk, key="visit-1")], now=NOW)
    with pytest.raises(AttemptKeyTaken):
        log(lead, rita, key="visit-1")
    assert not NextStep.objects.exists()
    assert len(heard) == 1


def test_programs_hear_that_a_key_is_taken(lead: Lead, ada: Member) -> None:
    client, other = api_of(a_key(ada)), a_lead(stage="mql")
    told = {"lead": str(lead.pk), "kind": "call", "outcome": "reached", "key": "call-7"}
    for _ in range(2):
        assert client.post("/api/v1/attempts/", told).status_code == 201
    answer = client.post("/api/v1/attempts/", told | {"lead": str(other.pk)})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "key")
    assert Activity.objects.filter(kind="call").count() == 1


def test_the_next_attempt_ends_the_promised_step(lead: Lead, rita: Member) -> None:
    log(lead, rita, next_step="Send offer", next_step_at=TOMORROW)
    log(lead, rita, outcome="reached")
    assert NextStep.objects.get().done_at == NOW


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "fax"}, "no way to reach"),
        ({"kind": "email"}, "it takes: Sent, Reached"),
        ({"next_step": "Send offer"}, "Say when"),
        ({"next_step_at": NOW}, "in the past"),
    ],
)
def test_an_attempt_that_makes_no_sense_is_refused(
    lead: Lead, rita: Member, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CannotLogAttempt, match=sentence):
        log(lead, rita, **given)
    assert not Activity.objects.exists()


def test_a_rep_works_only_on_leads_of_their_own(lead: Lead, rob: Member, max: Member) -> None:
    with pytest.raises(CannotWorkLead, match="Rita has Nina"):
        log(lead, rob)
    log(lead, max)
