"""Activities over the API: whole batches, each fact once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import ApiKey, Member, Scope, Workspace
from leads.actions.resolving import resolve_leads
from leads.models import Activity
from leads.rows import NewLead
from tests.builders import a_key, a_lead, a_visitor
from tests.clients import JsonClient, api_of

BATCH = "/api/v1/activities/batch"
DEEP = b'{"a":'
AT = "2026-03-02T09:00:00Z"


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


def send(api: JsonClient, *rows: dict[str, Any]) -> Any:
    return api.post(BATCH, {"activities": rows})


def problem_of(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


def test_facts_find_their_lead_in_four_ways(api: JsonClient) -> None:
    row = NewLead(email="ann@firm.example", external_id="7")
    (ann,) = resolve_leads([row], now=timezone.now())
    visitor = a_visitor(lead_id=ann.lead_id)
    answer = send(
        api,
        {"kind": "call", "lead_id": str(ann.lead_id)},
        {"kind": "call", "email": "ANN@Firm.example"},
        {"kind": "call", "external_id": "7"},
        {"kind": "call", "visitor_id": str(visitor.pk)},
    )
    assert answer.json() == {"stored": 4, "duplicates": 0}
    assert Activity.objects.filter(kind="call", lead=ann.lead_id).count() == 4


def test_a_batch_sent_twice_is_stored_once(api: JsonClient) -> None:
    lead = a_lead()
    row = {"kind": "plan.viewed", "lead_id": str(lead.pk), "key": "k", "occurred_at": AT} | {
        "properties": {"plan": "Ω", "seats": 3}
    }
    assert send(api, row, row).json() == {"stored": 1, "duplicates": 1}
    assert send(api, row).json() == {"stored": 0, "duplicates": 1}
    stored = Activity.objects.get()
    assert stored.occurred_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert stored.properties == {"plan": "Ω", "seats": 3}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"kind": "stage_entered"}, "kind"),
        ({"kind": "call", "lead_id": None}, "lead_id"),
        ({"kind": "call", "lead_id": None, "email": "no@firm.example"}, "email"),
        ({"kind": "call", "lead_id": "01900000-0000-7000-8000-00000000acae"}, "lead_id"),
        ({"kind": "call", "campaign_id": "01900000-0000-7000-8000-00000000acae"}, "campaign_id"),
        ({"kind": "call", "occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
        ({"kind": "call", "occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_is_refused_as_a_whole(
    api: JsonClient, row: dict[str, Any], field: str
) -> None:
    fine = {"lead_id": str(a_lead().pk), "kind": "call"}
    problem = problem_of(send(api, fine, fine | row), 422)
    assert problem["errors"][0]["field"] == field
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b"x", b"\xff", b'{"activities": []}', b'{"activities": [{}]}',
        b"[" * 99_999,
        b'{"activities": [{"kind": "call", "lead": 1}]}', b'{"activities": [{"kind": "Call me"}]}',
        b'{"activities": [{"kind": "a", "properties": ' + DEEP * 40 + b"1" + b"}" * 40 + b"}]}",
        b'{"activities": [{"kind": "a", "properties": ' + DEEP * 3000 + b"1" + b"}" * 3000 + b"}]}",
        b'{"activities": [{"kind": "a", "visitor_id": "VISITOR", "properties": {"a": "\\u0000"}}]}',
        b'{"activities": [{"kind": "a", "visitor_id": "VISITOR", "properties": {"a": "\\ud800"}}]}',
        b'{"activities": [{"kind": "a", "visitor_id": "VISITOR", "properties": {"a": 1e999}}]}',
        b'{"activities": [{"kind": "a", "email": "a\\u0000@b.example"}]}',
        b'{"activities": [{"kind": "a", "external_id": "\\u0000"}]}',
        b'{"activities": [{"kind": "a", "visitor_id": "VISITOR", "key": "\\u0000"}]}',
        b'{"activities": [{"kind": "a", "visitor_id": "VISITOR", "occurred_at": "2026-01-01"}]}',
    ],
)  # fmt: skip
def test_hostile_batches_are_refused_with_a_sentence(api: JsonClient, body: bytes) -> None:
    body = body.replace(b"VISITOR", str(a_visitor().pk).encode())
    answer = api.post(BATCH, body, content_type="application/json")
    assert answer.status_code in (400, 422), (body[:80], answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Activity.objects.exists()


def test_sizes_are_limited(api: JsonClient) -> None:
    lead = str(a_lead().pk)
    problem_of(send(api, *[{"kind": "a", "lead_id": lead}] * 501), 400)
    problem_of(send(api, {"kind": "a", "lead_id": lead, "properties": {"a": "x" * 2_100_000}}), 413)


def test_only_a_key_with_the_scope_may_append(ada: Member) -> None:
    problem_of(send(JsonClient()), 401)
    wrong = JsonClient()
    wrong.credentials(HTTP_AUTHORIZATION="Bearer lm_nothing")
    problem_of(send(wrong), 401)
    problem_of(send(api_of(a_key(ada, Scope.LEADS_READ))), 403)
    assert problem_of(api_of(a_key(ada)).get(BATCH), 405)


@pytest.mark.django_db(transaction=True)
def test_a_lead_of_another_workspace_is_unknown(api: JsonClient, globex: Workspace) -> None:
    with inside(globex.pk):
        foreign = a_lead()
    problem_of(send(api, {"kind": "call", "lead_id": str(foreign.pk)}), 422)


def test_a_batch_is_few_statements(api: JsonClient, django_assert_max_num_queries: Any) -> None:
    lead = str(a_lead().pk)
    send(api, {"kind": "call", "lead_id": lead})
    rows = [{"kind": "call", "lead_id": lead, "key": str(n)} for n in range(500)]
    # two look-ups of the key, the savepoint of this test, one statement, the outbox of reactions
    with django_assert_max_num_queries(8):
        assert send(api, *rows).json()["stored"] == 500


def test_without_a_time_it_happened_now(api: JsonClient) -> None:
    send(api, {"kind": "call", "lead_id": str(a_lead().pk)})
    assert timezone.now() - Activity.objects.get().occurred_at < timedelta(minutes=1)


def test_a_revoked_key_stops_at_once(api: JsonClient, ada: Member) -> None:
    row = {"kind": "call", "lead_id": str(a_lead().pk)}
    assert send(api, row).status_code == 200
    ApiKey.objects.update(revoked_at=timezone.now())
    problem_of(send(api, row), 401)
