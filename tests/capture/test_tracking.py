"""What the tracking script sends, and everything that others send to its address."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from capture.sites import forget_sites
from leadmgmt.workspaces.models import Workspace
from leads.models import Activity, Visitor
from tests.builders import a_campaign, a_lead

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
TOKEN = "0123456789abcdef" * 2
LANDING = "https://acme.example/pricing?utm_source=news&utm_medium=email&utm_campaign=Spring"


@pytest.fixture(autouse=True)
def _no_remembered_keys() -> Iterator[None]:
    forget_sites()
    yield
    forget_sites()


def an_event(**given: Any) -> dict[str, Any]:
    standard = {"kind": "page_view", "key": "a" * 32, "url": LANDING, "age": 0}
    return standard | given


def send(site: Workspace, body: Any, agent: str = BROWSER) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    address = f"/c/{site.site_key}/events"
    headers = {"User-Agent": agent}
    return Client().post(address, raw, content_type="text/plain;charset=UTF-8", headers=headers)


def a_batch(*events: dict[str, Any], visitor: str = TOKEN) -> dict[str, Any]:
    return {"visitor": visitor, "events": list(events) or [an_event()]}


def test_a_visit_is_recorded_with_its_campaign(acme: Workspace) -> None:
    campaign = a_campaign(key="spring")
    visit = an_event(kind="visit", key="b" * 32, referrer="https://www.google.com/")
    assert send(acme, a_batch(visit, an_event(title="Pricing"))).status_code == 202
    recorded = {each.kind: each for each in Activity.objects.all()}
    visitor = Visitor.objects.get()
    assert visitor.token == TOKEN
    assert (visitor.source, visitor.medium, visitor.campaign) == ("news", "email", campaign)
    assert (recorded["visit"].source, recorded["visit"].campaign) == ("news", campaign)
    assert recorded["visit"].properties["utm_campaign"] == "Spring"
    assert recorded["page_view"].properties["path"] == "/pricing"
    assert recorded["page_view"].properties["title"] == "Pricing"
    assert not recorded["page_view"].is_machine


def test_the_same_events_twice_are_recorded_once(acme: Workspace) -> None:
    for _ in range(2):
        assert send(acme, a_batch(an_event(), an_event(key="c" * 32))).status_code == 202
    assert Activity.objects.count() == 2
    assert Visitor.objects.count() == 1


def test_the_first_visit_decides_where_a_visitor_came_from(acme: Workspace) -> None:
    send(acme, a_batch(an_event(kind="visit", key="b" * 32)))
    send(acme, a_batch(an_event(kind="visit", key="c" * 32, url="https://acme.example/")))
    assert Visitor.objects.get().source == "news"


def test_a_known_visitor_adds_to_the_timeline_of_its_lead(acme: Workspace) -> None:
    lead = a_lead()
    Visitor.objects.create(token=TOKEN, lead=lead)
    send(acme, a_batch(an_event(kind="page_left", key=f"{'a' * 32}:1", seconds=12.34)))
    activity = Activity.objects.get()
    assert (activity.lead, activity.properties["seconds"]) == (lead, 12.3)


@pytest.mark.parametrize("agent", ["", "Googlebot/2.1", "curl/8.5", "Slackbot-LinkExpanding 1.0"])
def test_programs_are_recorded_as_machines(acme: Workspace, agent: str) -> None:
    send(acme, a_batch(), agent=agent)
    assert Activity.objects.get().is_machine


def test_a_batch_costs_few_statements(acme: Workspace, django_assert_max_num_queries: Any) -> None:
    send(acme, a_batch())
    with django_assert_max_num_queries(9):  # campaigns, visitors, activities; else savepoints
        send(acme, a_batch(*[an_event(key=f"{n:032d}") for n in range(50)]))


def test_any_site_may_send_without_credentials(acme: Workspace) -> None:
    answer = send(acme, a_batch())
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer
    assert not answer.cookies
    asked = Client().options(f"/c/{acme.site_key}/events")
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")


def test_an_unknown_site_is_not_found(acme: Workspace) -> None:
    client = Client()
    assert client.post("/c/nobody/events", b"{}", content_type="text/plain").status_code == 404
    assert client.get("/t/nobody.js").status_code == 404
    assert client.get("/c/nobody/pixel.gif").status_code == 404


def test_the_pixel_records_one_view_per_half_hour(acme: Workspace) -> None:
    address = f"/c/{acme.site_key}/pixel.gif"
    for _ in range(2):
        answer = Client().get(address, {"url": LANDING}, headers={"User-Agent": BROWSER})
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/gif")
    assert sorted(Activity.objects.values_list("kind", flat=True)) == ["page_view", "visit"]


def test_the_script_is_small_and_cached(acme: Workspace) -> None:
    answer = Client().get(f"/t/{acme.site_key}.js")
    assert len(answer.content) < 5_000
    assert "max-age" in answer["Cache-Control"]
    again = Client().get(f"/t/{acme.site_key}.js", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def wrong(**given: Any) -> bytes:
    return json.dumps(a_batch(an_event(**given))).encode()


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "not json": b"hello",
    "invalid utf-8": b"\xff\xfe{}",
    "invalid utf-8 inside": wrong(url="@@").replace(b"@@", b"\xc3\x28"),
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "NaN": b"NaN",
    "deep list": b"[" * 60_000,
    "deep object": b'{"x":' * 10_000,
    "deep unknown field": wrong()[:-3] + b',"x":' + b"[" * 50_000,
    "no visitor": b'{"events":[]}',
    "no events": json.dumps({"visitor": TOKEN, "events": []}).encode(),
    "too many events": json.dumps(a_batch(*[an_event()] * 51)).encode(),
    "visitor too long": json.dumps(a_batch(visitor="a" * 5_000)).encode(),
    "visitor with newline": json.dumps(a_batch(visitor=TOKEN + "\n")).encode(),
    "visitor a number": json.dumps(a_batch(visitor=7)).encode(),  # type: ignore[arg-type]
    "unknown field": wrong(lead_id=1),
    "unknown kind": wrong(kind="deal_won"),
    "key too long": wrong(key="a" * 500),
    "key with quote": wrong(key="a" * 20 + "'"),
    "url a list": wrong(url=["x"]),
    "url too long": wrong(url="x" * 2_001),
    "NUL in url": wrong(url="a\x00b"),
    "NUL in title": wrong(title="a\x00b"),
    "lone surrogate": wrong(title="@@").replace(b"@@", b"\\ud800"),
    "lone low surrogate": wrong(title="@@").replace(b"@@", b"\\udc00"),
    "age negative": wrong(age=-1),
    "age NaN": wrong(age="@@").replace(b'"@@"', b"NaN"),
    "age infinite": wrong(age="@@").replace(b'"@@"', b"1e999"),
    "age huge": wrong(age=10**30),
    "age a text": wrong(age="yesterday"),
    "age a date": wrong(age="9999-12-31T23:59:59Z"),
    "seconds huge": wrong(seconds=1e300),
    "bigger than allowed": b" " * 70_000,
    "ten megabytes": b"[" * 10_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bodies_are_refused_with_a_sentence(acme: Workspace, name: str) -> None:
    answer = send(acme, HOSTILE[name])
    assert 400 <= answer.status_code < 500
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["detail"]
    assert "Traceback" not in answer.content.decode()
    assert not Activity.objects.exists()


TEXTS = ["<script>alert(1)</script>", "'; DROP TABLE x; --", "\u202e\U0001f600", "%00", "\\u0000"]


@pytest.mark.parametrize("text", TEXTS)
def test_strange_texts_are_stored_as_they_are(acme: Workspace, text: str) -> None:
    assert send(acme, a_batch(an_event(title=text, url="https://x/?" + text))).status_code == 202
    assert Activity.objects.get().properties["title"] == text


@pytest.mark.parametrize(
    "query",
    ["visitor=%00", "visitor=%ff", "visitor=" + "a" * 40, f"visitor={TOKEN}&url=%00",
     f"visitor={TOKEN}&url=%ed%a0%80", f"visitor={TOKEN}&referrer=%00"],
)  # fmt: skip
def test_hostile_pixels_never_break(acme: Workspace, query: str) -> None:
    answer = Client().get(f"/c/{acme.site_key}/pixel.gif?{query}", headers={"User-Agent": BROWSER})
    assert answer.status_code in (200, 400)


def test_another_workspace_sees_nothing_of_it(acme: Workspace, globex: Workspace) -> None:
    send(globex, a_batch())
    assert not Activity.objects.exists()
