"""Facts come onto timelines once, in one statement."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.strict import UnreadableInput
from leads.actions.activities import CannotRecordActivity, NewActivity, record_activities
from leads.actions.resolving import resolve_leads
from leads.models import Activity, Lead, Visitor
from leads.rows import NewLead
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Any:
    with inside(world.acme.id):
        yield


@pytest.fixture
def lead() -> Lead:
    (found,) = resolve_leads([NewLead(name="Ann")], now=NOW - timedelta(days=9))
    made: Lead = Lead.objects.get(id=found.lead_id)
    return made


def test_a_fact_with_a_key_is_stored_once_however_often_it_is_sent(lead: Lead) -> None:
    fact = NewActivity("page_view", NOW, lead_id=lead.id, key="k1")
    assert record_activities([fact, fact], now=NOW).count == 1
    assert record_activities([fact], now=NOW).count == 0
    assert (
        record_activities([NewActivity("page_view", NOW), NewActivity("call", NOW)], now=NOW).count
        == 2
    )
    assert Activity.objects.filter(key="k1").count() == 1


def test_a_fact_of_a_known_visitor_is_a_fact_of_its_lead(lead: Lead) -> None:
    known = Visitor.objects.create(token="t1", lead=lead)
    anonymous = Visitor.objects.create(token="t2")
    facts = [
        NewActivity("visit", NOW, visitor_id=known.id),
        NewActivity("visit", NOW, visitor_id=anonymous.id),
    ]
    assert record_activities(facts, now=NOW).lead_ids == (lead.id,)
    assert set(Activity.objects.filter(kind="visit").values_list("lead_id", flat=True)) == {
        lead.id,
        None,
    }


def test_the_last_activity_moves_forward_only_and_not_for_machines(lead: Lead) -> None:
    def last() -> Any:
        return Lead.objects.get(id=lead.id).last_activity_at

    def record(at: datetime, **rest: Any) -> None:
        record_activities([NewActivity("visit", at, lead_id=lead.id, **rest)], now=NOW)

    record(NOW)
    record(NOW - timedelta(hours=1))
    assert last() == NOW
    record(NOW + timedelta(hours=1), is_machine=True)
    assert last() == NOW
    record(NOW + timedelta(hours=2))
    assert last() == NOW + timedelta(hours=2)


def test_the_future_is_refused() -> None:
    with pytest.raises(CannotRecordActivity, match="in the future"):
        record_activities([NewActivity("visit", NOW + timedelta(days=1, seconds=1))], now=NOW)


@pytest.mark.parametrize("field", ["kind", "source", "medium", "key"])
def test_too_long_a_word_is_refused(field: str) -> None:
    words: dict[str, Any] = {"kind": "visit"} | {field: "x" * 101}
    with pytest.raises(CannotRecordActivity, match=f"{field} takes at most"):
        record_activities([NewActivity(occurred_at=NOW, **words)], now=NOW)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_text_the_database_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(UnreadableInput):
        record_activities([NewActivity("visit", NOW, properties={"path": text})], now=NOW)


def test_a_backslash_and_an_emoji_in_raw_properties_are_kept() -> None:
    raw = msgspec.Raw(rb'{"a": "\\u0000", "b": "\ud83d\ude00"}')
    record_activities([NewActivity("visit", NOW, properties=raw)], now=NOW)
    assert Activity.objects.get().properties == {"a": "\\u0000", "b": "😀"}


def test_a_batch_is_one_statement(lead: Lead) -> None:
    facts = [NewActivity("visit", NOW, lead_id=lead.id, key=str(uuid4())) for _ in range(500)]
    with CaptureQueriesContext(connection) as queries:
        assert record_activities(facts, now=NOW).count == 500
    ours = [query for query in queries if "leads_" in query["sql"].partition("kernel_outbox")[0]]
    assert len(ours) == 1
