"""Leads over the API."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Scope, Workspace
from leads.actions.resolving import resolve_leads
from leads.api.leads import LeadSerializer
from leads.models import Lead
from leads.rows import NewLead
from tests.builders import a_campaign, a_company, a_key, a_lead
from tests.clients import JsonClient, api_of

LEADS = "/api/v1/leads/"


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada))


@pytest.fixture
def outside(world: Any) -> Iterator[None]:
    with inside(None):
        yield


def problem_of(answer: Any, status: int) -> Any:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return answer.json()


def test_a_lead_is_created_read_and_changed(api: JsonClient) -> None:
    row = {"email": "Ann@Firm.example", "external_id": "crm-1", "attributes": {"size": 3}}
    made = api.post(LEADS, row)
    assert made.status_code == 201
    id = made.json()["id"]
    changed = api.patch(f"{LEADS}{id}/", {"city": "Oslo", "attributes": {"size": None, "b": "x"}})
    assert changed.status_code == 200
    read = api.get(f"{LEADS}{id}/").json()
    assert (read["email"], read["external_id"]) == ("ann@firm.example", "crm-1")
    assert (read["city"], read["attributes"]) == ("Oslo", {"b": "x"})
    assert read["company"]["domain"] == "firm.example"


def test_the_answer_to_a_creation_is_what_is_read_afterwards(api: JsonClient) -> None:
    row = {
        "email": "Ann@Firm.example", "phone": "+30 210 1234567", "external_id": " crm-1 ",
        "name": "Ann  Lee", "attributes": {"size": 3, "ratio": 0.5, "blank": ""},
        "campaign": str(a_campaign().pk), "source": "fair", "do_not_call": True,
        "first_seen_at": "2026-01-02T03:04:05.678Z",
    }  # fmt: skip
    for each in (row, {"name": "Bob", "email": "bob@gmail.com", "company_name": "Shop"}):
        made = api.post(LEADS, each).json()
        assert made == api.get(f"{LEADS}{made['id']}/").json()


def test_a_creation_is_eight_statements(api: JsonClient, django_assert_num_queries: Any) -> None:
    api.post(LEADS, {"email": "ann@firm.example"})  # notes the use of the key
    # key, tombstones, identity, company, lead, timeline, outbox, answer; two for the savepoint
    # inside a test
    with django_assert_num_queries(10):
        assert api.post(LEADS, {"email": "bob@firm.example"}).status_code == 201


def test_somebody_known_is_not_created_again_nor_changed_by_it(api: JsonClient) -> None:
    id = api.post(LEADS, {"email": "ann@firm.example"}).json()["id"]
    problem = problem_of(api.post(LEADS, {"email": "ANN@firm.example", "city": "Oslo"}), 409)
    assert id in problem["detail"]
    assert Lead.objects.get().city == ""


def test_a_bulk_upsert_completes_the_known_and_creates_the_rest(api: JsonClient) -> None:
    api.post(LEADS, {"email": "a@firm.example", "name": "Ann"})
    rows = [{"email": "a@firm.example", "name": "X", "city": "Oslo"}, {"email": "b@firm.example"}]
    answer = api.post(f"{LEADS}bulk/", {"leads": rows})
    assert [each["is_new"] for each in answer.json()["results"]] == [False, True]
    assert Lead.objects.filter(name="Ann", city="Oslo").count() == 1
    api.post(f"{LEADS}bulk/", {"leads": rows, "overwrite": True})
    assert Lead.objects.filter(name="X").count() == 1


def test_a_bulk_with_wrong_rows_writes_nothing_and_names_them(api: JsonClient) -> None:
    rows = [{"email": "a@firm.example"}, {"email": "nonsense"}, {"phone": "call me"}]
    problem = problem_of(api.post(f"{LEADS}bulk/", {"leads": rows}), 422)
    assert [(each["row"], each["field"]) for each in problem["errors"]] == [
        (1, "email"),
        (2, "phone"),
    ]
    assert not Lead.objects.exists()


def test_more_than_500_at_once_are_refused(api: JsonClient) -> None:
    rows = [{"name": str(n)} for n in range(501)]
    problem_of(api.post(f"{LEADS}bulk/", {"leads": rows}), 422)


def test_lists_are_narrowed(api: JsonClient, rita: Member) -> None:
    now = timezone.now()
    (found,) = resolve_leads([NewLead(email="ann@firm.example", external_id="7")], now=now)
    Lead.objects.filter(pk=found.lead_id).update(stage="mql", score=70, owner=rita)
    a_lead(name="Other", score=10)
    for query in (
        "stage=mql", "email=ANN@firm.example", "external_id=7", "q=ann", "score_min=50",
        f"owner={rita.pk}", "stage=mql&score_max=80", f"changed_from={now.date()}T00:00:00Z&q=ann",
    ):  # fmt: skip
        results = api.get(f"{LEADS}?{query}").json()["results"]
        assert [each["id"] for each in results] == [str(found.lead_id)], query


def test_pages_are_followed_by_their_links(api: JsonClient) -> None:
    for _ in range(7):
        a_lead()
    seen, address = [], f"{LEADS}?limit=3"
    while address:
        page = api.get(address).json()
        seen += [each["id"] for each in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 7


@pytest.mark.parametrize(
    "query",
    [
        "stage=x", "owner=x", "score_min=x", "score_min=1e999", "limit=0", "limit=501", "limit=٣",
        "created_from=x", "email=x", "q=%00", "source=%00", "external_id=%00",
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_named(api: JsonClient, query: str) -> None:
    name = query.partition("=")[0]
    assert problem_of(api.get(f"{LEADS}?{query}"), 422)["errors"][0]["field"] == name


@pytest.mark.parametrize(
    "query",
    [
        "score_min=99999999999999999999", "after=x", "after=W251bGwsbnVsbF0", "after=%00",
        "created_from=0001-01-01T00:00:00%2B14:00", "created_before=9999-12-31T23:59:59-12:00",
        "q=%ED%A0%80", "q=%F0%9F",
    ],
)  # fmt: skip
def test_an_odd_query_breaks_nothing(api: JsonClient, query: str) -> None:
    assert api.get(f"{LEADS}?{query}").status_code in (200, 422)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"nonsense", b'"x"', b"\xff\xfe",
        b'{"name": "\\u0000"}', b'{"name": "\\ud800"}',
        b'{"name": {"a": 1}}', b'{"email": 7}', b'{"name": "A", "attributes": {"a": [1]}}',
        b'{"name": "A", "attributes": {"a": 1e999}}', b'{"name": "A", "attributes": {"a": NaN}}',
        b'{"name": "A", "attributes": {"a": ' + b"9" * 400 + b"}}", b'{"nmae": "A"}',
        b'{"name": "A", "first_seen_at": "0001-01-01T00:00:00+14:00"}',
        b'{"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", b"[" * 100_000,
        b'{"name": "A", "campaign": "01900000-0000-7000-8000-00000000acae"}', b'{"city": "Oslo"}',
        b'{"name": "' + b"A" * 300 + b'"}',
    ],
)  # fmt: skip
def test_hostile_bodies_are_refused_with_a_sentence(api: JsonClient, body: bytes) -> None:
    answer = api.post(LEADS, body, content_type="application/json")
    assert answer.status_code in (400, 422), (body[:60], answer.content)
    assert answer.json()["detail"]
    assert not Lead.objects.exists()


def test_too_large_a_body_is_refused(api: JsonClient) -> None:
    body = b'{"name": "' + b"A" * 2_100_000 + b'"}'
    answer = api.post(LEADS, body, content_type="application/json")
    assert answer.status_code in (400, 413)


def test_references_to_another_workspace_are_unknown(
    api: JsonClient, globex: Workspace, gus: Member
) -> None:
    with inside(globex.pk):
        foreign, campaign = a_lead(), a_campaign()
    lead = a_lead()
    assert problem_of(api.patch(f"{LEADS}{lead.pk}/", {"owner": str(gus.pk)}), 422)
    assert problem_of(api.post(LEADS, {"name": "A", "campaign": str(campaign.pk)}), 422)
    for method in (api.get, api.patch):
        there = problem_of(method(f"{LEADS}{foreign.pk}/"), 404)
        nowhere = problem_of(method(f"{LEADS}{uuid4()}/"), 404)
        assert there == nowhere


def test_a_key_does_what_its_scopes_say(ada: Member) -> None:
    reader = api_of(a_key(ada, Scope.LEADS_READ))
    assert reader.get(LEADS).status_code == 200
    problem_of(reader.post(LEADS, {"name": "A"}), 403)
    problem_of(reader.post(f"{LEADS}bulk/", {"leads": [{"name": "A"}]}), 403)
    problem_of(JsonClient().get(LEADS), 401)


def test_a_member_may_own_a_lead_by_api(api: JsonClient, rita: Member) -> None:
    lead = a_lead()
    assert api.patch(f"{LEADS}{lead.pk}/", {"owner": str(rita.pk)}).json()["owner"] == str(rita.pk)
    assert api.patch(f"{LEADS}{lead.pk}/", {"owner": None}).json()["owner"] is None


def test_a_lead_says_the_same_wherever_it_is_read(api: JsonClient, rita: Member) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    named = {"name": 'Ann "A" O\'Neil \\ Ω', "attributes": {"size": 3, "100%": "x"}}
    lead = a_lead(company=a_company(domain=None), owner=rita, created_at=at, score=-3, **named)
    (listed,) = api.get(LEADS).json()["results"]
    assert listed == api.get(f"{LEADS}{lead.pk}/").json()
    assert list(listed) == list(LeadSerializer().fields)
    assert {name: listed[name] for name in named} == named
    assert (listed["company"]["domain"], listed["owner"]) == (None, str(rita.pk))
    assert (listed["created_at"], listed["score"]) == ("2026-03-02T09:00:00.000000Z", -3)
    assert listed["last_activity_at"] is listed["campaign"] is None


def test_programs_read_how_many_days_a_lead_is_in_its_stage(api: JsonClient) -> None:
    lead = a_lead(stage_entered_at=timezone.now() - timedelta(days=9))
    (listed,) = api.get(LEADS).json()["results"]
    assert listed["days_in_stage"] == 9
    tag = api.get(f"{LEADS}{lead.pk}/")["ETag"]
    kept = api.patch(f"{LEADS}{lead.pk}/", {"city": "Graz"}, headers={"If-Match": tag})
    assert kept.json()["days_in_stage"] == 9


def test_leads_of_nobody_are_listed(api: JsonClient, rita: Member) -> None:
    a_lead(owner=rita)
    free = a_lead()
    (found,) = api.get(f"{LEADS}?owner=nobody").json()["results"]
    assert found["id"] == str(free.pk)


def test_a_list_of_fifty_states_its_queries(
    api: JsonClient, django_assert_max_num_queries: Any
) -> None:
    for _ in range(50):
        a_lead()
    api.get(LEADS)
    with django_assert_max_num_queries(4):  # key (2), rows; use of the key
        api.get(LEADS)
