"""The whole path walked by an integration: a lead's life with nothing but HTTP and a key."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from capture.sites import forget_sites
from capture.verdicts import stamp_for
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.actions.workspaces import create_workspace
from leadmgmt.workspaces.models import Member
from nurturing.actions.publishing import resume_sequence
from nurturing.jobs import advance_due
from nurturing.models import Sequence
from tests.builders import a_form, a_key, a_user
from tests.clients import JsonClient, api_of, drain

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
VISITOR = "0123456789abcdef" * 2
PEOPLE = b"""Full name,Email,Job title,Country
Anna Bell,anna@bell.example,Chief buyer,France
Otto Late,otto@late.example,Head of sales,Greece
Nobody,nonsense,,
"""
BANT = {key: {"answer": "yes"} for key in ("budget", "authority", "need", "timing")}


@pytest.fixture(autouse=True)
def _clean(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    forget_sites()
    yield
    forget_sites()


@pytest.fixture
def firm(db: None) -> Iterator[None]:
    """A new workspace as sign-up makes it; its one sequence is switched on, one form exists."""
    made = create_workspace(
        "Initech", by=a_user(), member_name="Bill", time_zone="Europe/Athens", currency="EUR"
    )
    with inside(made.pk):
        resume_sequence(Sequence.objects.get())
        yield


class Integration:
    """A client that expects to succeed, and reads JSON."""

    def __init__(self) -> None:
        self.http: JsonClient = api_of(a_key(Member.objects.get()))

    def get(self, path: str, **query: Any) -> Any:
        return self._read(self.http.get(f"/api/v1/{path}", query))

    def post(self, path: str, **body: Any) -> Any:
        return self._read(self.http.post(f"/api/v1/{path}", body))

    def upload(self, data: bytes) -> Any:
        file = SimpleUploadedFile("people.csv", data)
        return self._read(self.http.post("/api/v1/imports/", {"file": file}, format="multipart"))

    def change(self, path: str, **body: Any) -> Any:
        return self._read(self.http.patch(f"/api/v1/{path}", body))

    def put(self, path: str, **body: Any) -> Any:
        return self._read(self.http.put(f"/api/v1/{path}", body))

    def _read(self, answer: Any) -> Any:
        assert answer.status_code in (200, 201), answer.content
        return answer.json()


def visit(site_key: str, url: str) -> None:
    """What the tracking script sends from the firm's site."""
    kinds = ("visit", "page_view")
    events = [
        {"kind": kind, "key": f"{number}" * 32, "url": url, "age": 0}
        for number, kind in enumerate(kinds)
    ]
    sent = Client().post(
        f"/c/{site_key}/events",
        json.dumps({"visitor": VISITOR, "events": events}),
        content_type="text/plain;charset=UTF-8",
        headers={"User-Agent": BROWSER},
    )
    assert sent.status_code == 202


def fill_in(address: str, **answers: str) -> None:
    """What a person sends from a public form."""
    token = address.rstrip("/").rsplit("/", 1)[1]
    stamp = stamp_for(token, time.time() - 30)
    sent = Client().post(
        f"/f/{token}/",
        {"_stamp": stamp, "_visitor": VISITOR, **answers},
        headers={"User-Agent": BROWSER},
    )
    assert sent.status_code == 303


def import_people(api: Integration) -> list[str]:
    """Step 1; answers with the ids of Anna and Otto."""
    made = api.upload(PEOPLE)
    address = f"imports/{made['id']}/"
    api.change(address, mapping=["name", "email", "job_title", "country"], identity="email")
    api.post(f"{address}start/")
    drain()
    done = api.get(address)
    assert (done["status"], done["created"], done["rejected"]) == ("done", 2, 1)
    [problem] = api.get(f"{address}problems/")["results"]
    assert problem["cells"][0] == "Nobody"
    emails = ("anna@bell.example", "otto@late.example")
    return [api.get("leads/", email=each)["results"][0]["id"] for each in emails]


def come_through_the_site(api: Integration, campaign: str) -> str:
    """Step 2; answers with the id of Mia, whose visit came before her name."""
    site_key = api.get("workspace/")["site_key"]
    visit(site_key, "https://initech.example/pricing?utm_source=ads&utm_campaign=spring")
    [form] = api.get("forms/")["results"]
    fill_in(form["address"], name="Mia Moss", email="mia@moss.example")
    drain()
    [lead] = api.get("leads/", email="mia@moss.example")["results"]
    assert (lead["campaign"], lead["source"]) == (campaign, "ads")
    facts = {each["kind"] for each in api.get("activities/", lead=lead["id"])["results"]}
    assert {"visit", "page_view", "form_submitted"} <= facts
    return str(lead["id"])


def become_an_mql(api: Integration, lead: str) -> None:
    """Steps 3 and 4a: meetings told by a calendar raise the score over the line."""
    meetings = [{"kind": "meeting", "key": f"m{n}", "lead_id": lead} for n in range(2)]
    assert api.post("activities/batch", activities=meetings)["stored"] == 2
    assert api.post("activities/batch", activities=meetings)["duplicates"] == 2
    drain()
    told = api.get(f"leads/{lead}/score/")
    assert told["score"] == sum(each["points"] for each in told["contributions"]) >= 50
    assert api.get("score-model/")["version"] == told["version"]
    [move] = api.get("moves/", lead=lead)["results"]
    [definition] = api.get("definitions/", stage="mql", state="published")["results"]
    assert (move["to_stage"], move["definition"]) == ("mql", definition["id"])


def sell_to(api: Integration, lead: str) -> None:
    """Steps 4b and 6: claimed, called in time, qualified, won."""
    [bill] = api.get("members/")["results"]
    who = {"lead": lead, "by": bill["id"]}
    assert lead in [each["lead"] for each in api.get("queue/")["results"]]
    assert api.post("queue/next/", member=bill["id"]) == {"lead": lead}
    api.post("attempts/", **who, kind="call", outcome="reached")
    drain()
    [clock] = api.get("sla/clocks/", lead=lead)["results"]
    assert (clock["outcome"], clock["breached_at"]) == ("answered", None)
    assert clock["policy"] == api.get("sla/policies/")["results"][0]["id"]
    answers = {"spoken_to": "Mia Moss", "is_authorised": True, "answers": BANT}
    api.post("qualifications/", **who, outcome="positive", **answers)
    deal = api.post("deals/", **who, name="Seats")
    seat = api.post("products/", name="Seat", price=400_00, cost=180_00)
    line = {"product": seat["id"], "quantity": 10, "discount": "25"}
    made = api.put(f"deals/{deal['id']}/lines/", lines=[line])
    assert (made["amount"], made["margin"]) == (3_000_00, 1_200_00)
    won = api.post(f"deals/{deal['id']}/win/")
    drain()
    assert (won["status"], won["amount"]) == ("won", 3_000_00)
    assert api.get(f"leads/{lead}/")["stage"] == "customer"


def nurture(api: Integration, lead: str) -> None:
    """Step 5: not now, so the sequence takes over and plans its first email."""
    later = timezone.now().date() + timedelta(days=60)
    api.post("qualifications/", lead=lead, outcome="not_now", return_on=later.isoformat())
    drain()
    [enrolment] = api.get("enrolments/", lead=lead)["results"]
    assert enrolment["state"] == "running"
    advance_due(now=timezone.now())  # the worker's round
    [message] = api.get("messages/", lead=lead)["results"]
    assert message["enrolment"] == enrolment["id"]


def read_figures(api: Integration, campaign: str) -> None:
    """Step 7: 300.00 over all, 3 leads and one customer with a margin of 1,200.00."""
    today = timezone.now().date().isoformat()
    line = {"lever": "ads", "starts_on": today, "ends_on": today}
    api.post("costs/", **line, amount=200_00, campaign=campaign)
    api.post("costs/", **line, amount=100_00, note="Fair")
    mistake = api.post("costs/", **line, amount=999_00)
    assert api.http.delete(f"/api/v1/costs/{mistake['id']}/").status_code == 204
    told = api.get("figures/", days=7)
    assert told["currency"] == "EUR"
    value = {each["key"]: each["value"] for each in told["figures"]}
    assert (value["visits"], value["leads"], value["mqls"], value["customers"]) == (1, 3, 1, 1)
    assert (value["cost"], value["cost_per_lead"]) == (300_00, 100_00)
    assert (value["cost_per_customer"], value["revenue"]) == (300_00, 3_000_00)
    assert value["roi"] == 3.0  # (1,200 - 300) / 300
    now = timezone.now()
    since, until = now - timedelta(days=1), now + timedelta(days=20)
    kept = api.get("sla/attainment/", since=since.isoformat(), until=until.isoformat())
    assert (kept["kept"], kept["missed"], kept["share"]) == (1, 0, 1.0)
    [spring] = [each for each in told["campaigns"] if each["key"] == campaign]
    assert (spring["leads"], spring["cost_per_lead"], spring["roi"]) == (1, 200_00, 5.0)
    for figure in told["figures"]:
        behind = api.http.get(figure["rows"])
        assert behind.status_code == 200
        if figure["unit"] == "count":
            assert len(behind.json()["results"]) == figure["value"]


@pytest.mark.usefixtures("firm")
def test_a_firm_is_run_by_the_api_alone() -> None:
    api = Integration()
    a_form(name="Contact")
    campaign = api.post("campaigns/", name="Spring", channel="ads")["id"]
    _anna, otto = import_people(api)
    mia = come_through_the_site(api, campaign)
    become_an_mql(api, mia)
    sell_to(api, mia)
    nurture(api, otto)
    read_figures(api, campaign)
