"""Answers to public forms: leads, spam, double clicks, and everything that is no answer."""

import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from capture.models import Form, FormDay, Submission, Verdict
from capture.verdicts import stamp_for
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from leads.models import Activity, Lead, Visitor
from tests.builders import a_campaign, a_custom_field, a_form, a_visitor, an_activity
from tests.clients import client_of

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
TOKEN = "f" * 32
ANSWER = {"name": "Nora", "email": "Nora@Firm.example"}


def post(form: Form, data: dict[str, Any], agent: str = BROWSER, seconds: float = 30) -> Any:
    stamped = {"_stamp": stamp_for(form.token, time.time() - seconds)} | data
    return Client().post(f"/f/{form.token}/", stamped, headers={"User-Agent": agent})


@pytest.fixture(autouse=True)
def _no_knocks_before() -> None:
    cache.clear()


def test_an_answer_makes_a_lead_and_a_fact(acme: Workspace) -> None:
    form = a_form()
    answer = post(form, ANSWER)
    assert (answer.status_code, answer["Location"]) == (303, f"/f/{form.token}/?sent=1")
    lead = Lead.objects.get()
    assert (lead.name, lead.email) == ("Nora", "nora@firm.example")
    submission = Submission.objects.get()
    assert (submission.verdict, submission.lead) == (Verdict.ACCEPTED, lead)
    fact = Activity.objects.get(kind="form_submitted")
    assert (fact.lead, fact.properties["form"]) == (lead, form.name)


def test_earlier_visits_belong_to_the_lead(acme: Workspace) -> None:
    campaign = a_campaign(key="spring")
    visitor = a_visitor(token=TOKEN, source="news", medium="email", campaign=campaign)
    seen = an_activity(visitor=visitor)
    post(a_form(), ANSWER | {"_visitor": TOKEN, "_landing": "https://acme.example/?utm_source=ads"})
    lead = Lead.objects.get()
    seen.refresh_from_db()
    assert seen.lead == lead
    assert Visitor.objects.get().lead == lead
    assert (lead.source, lead.medium, lead.campaign) == ("news", "email", campaign)
    assert Activity.objects.get(kind="form_submitted").source == "ads"


def test_facts_of_one_person_never_go_to_another(acme: Workspace) -> None:
    visitor = a_visitor(token=TOKEN)
    of_nora = an_activity(visitor=visitor)
    form = a_form()
    post(form, ANSWER | {"_visitor": TOKEN})
    post(form, {"name": "Otto", "email": "otto@firm.example", "_visitor": TOKEN})
    nora, otto = Lead.objects.get(name="Nora"), Lead.objects.get(name="Otto")
    of_nora.refresh_from_db()
    assert of_nora.lead == nora
    sent = Activity.objects.filter(kind="form_submitted").values_list("lead", flat=True)
    assert set(sent) == {nora.pk, otto.pk}


def test_a_known_person_stays_one_lead(acme: Workspace) -> None:
    form = a_form()
    post(form, ANSWER)
    post(form, {"name": "Nora again", "email": "nora@firm.example"})
    assert Lead.objects.get().name == "Nora"
    assert Submission.objects.count() == 2


def test_a_double_click_is_one_answer(acme: Workspace) -> None:
    form = a_form()
    twice = ANSWER | {"_stamp": stamp_for(form.token, 0)}
    for _ in range(2):
        assert post(form, twice).status_code == 303
    assert Submission.objects.count() == Activity.objects.filter(kind="form_submitted").count() == 1
    for _ in range(2):
        answer = {"email": "otto@firm.example"}
        Client().post(f"/f/{form.token}/", answer, headers={"User-Agent": BROWSER})
    assert Submission.objects.count() == 2


def test_a_wrong_answer_comes_back_with_what_was_typed(acme: Workspace) -> None:
    form = a_form(consent="I agree.")
    answer = post(form, {"name": "Nora <b>", "email": "nora", "_visitor": TOKEN})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nora &lt;b&gt;" in page
    assert "Enter a valid email address" in page
    assert "This field is required" in page  # the consent
    assert TOKEN in page
    assert not Submission.objects.exists()
    assert FormDay.objects.get().refusals == 1


def test_consent_is_kept_in_its_words(acme: Workspace) -> None:
    form = a_form(consent="You may call me.")
    post(form, ANSWER | {"_consent": "on"})
    assert Submission.objects.get().consent == "You may call me."


def test_custom_answers_are_typed(acme: Workspace) -> None:
    a_custom_field("seats", "number")
    a_custom_field("is_partner", "yes_no")
    a_custom_field("starts_on", "date")
    asked = [
        {"key": key, "label": key, "is_required": False}
        for key in ("attributes.seats", "attributes.is_partner", "attributes.starts_on", "message")
    ]
    form = a_form(fields=[{"key": "email", "label": "Email", "is_required": True}, *asked])
    answers = {
        "attributes.seats": "12.5",
        "attributes.is_partner": "yes",
        "attributes.starts_on": "2027-01-31",
        "message": "Hello\nthere",
    }
    assert post(form, ANSWER | answers).status_code == 303
    assert Lead.objects.get().attributes == {
        "seats": 12.5,
        "is_partner": True,
        "starts_on": "2027-01-31",
    }
    assert Activity.objects.get(kind="form_submitted").properties["message"].endswith("there")


@pytest.mark.parametrize(
    ("more", "agent", "seconds"),
    [
        ({"website": "https://spam.example"}, BROWSER, 30),
        ({}, BROWSER, 0.2),
        ({"_stamp": "forged"}, BROWSER, 30),
        ({}, "python-requests/2.32", 30),
        ({}, "", 30),
        ({"name": "http://a http://b http://c http://d"}, BROWSER, 30),
    ],
)
def test_spam_is_set_aside_with_its_reason_and_can_be_accepted(
    mara: Member, more: dict[str, str], agent: str, seconds: float
) -> None:
    form = a_form()
    assert post(form, ANSWER | more, agent, seconds).status_code == 303
    kept = Submission.objects.get()
    assert kept.verdict == Verdict.SPAM
    assert kept.reason
    assert not Lead.objects.exists()
    client_of(mara).post(workspace_reverse("capture:submission_accept", id=kept.pk))
    kept.refresh_from_db()
    assert (kept.verdict, kept.lead) == (Verdict.ACCEPTED, Lead.objects.get())


def test_many_answers_from_one_address_are_set_aside(acme: Workspace) -> None:
    form = a_form()
    for number in range(12):
        post(form, ANSWER | {"email": f"n{number}@firm.example"})
    assert Submission.objects.filter(verdict=Verdict.SPAM).count() == 2


def test_answers_come_in_while_redis_is_down(
    acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_args: Any, **_more: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "incr", down)
    monkeypatch.setattr(cache, "add", down)
    assert post(a_form(), ANSWER).status_code == 303
    assert Lead.objects.exists()


def test_where_people_go_next(acme: Workspace) -> None:
    form = a_form(redirect_url="https://acme.example/thanks")
    assert post(form, ANSWER)["Location"] == f"/f/{form.token}/?sent=1"
    page = Client().get(f"/f/{form.token}/?sent=1").content.decode()
    assert re.search('href="https://acme.example/thanks"[^>]*data-onward', page)
    plain = Client().post(f"/f/{form.token}/", ANSWER, headers={"User-Agent": BROWSER})
    assert plain["Location"] == "https://acme.example/thanks"


def test_a_closed_form_says_so(acme: Workspace) -> None:
    form = a_form(is_active=False)
    assert Client().get(f"/f/{form.token}/").status_code == 410
    assert post(form, ANSWER).status_code == 410
    assert not Submission.objects.exists()


def test_any_site_may_frame_a_form_and_people_are_counted(acme: Workspace) -> None:
    form = a_form()
    answer = Client().get(f"/f/{form.token}/", headers={"User-Agent": BROWSER})
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    Client().get(f"/f/{form.token}/", headers={"User-Agent": "Googlebot"})
    assert FormDay.objects.get().views == 1


HOSTILE: list[dict[str, Any]] = [
    {},
    {"email": "a\x00b@c.example"},
    {"email": "x" * 10_000 + "@c.example"},
    {"email": "nora@firm.example", "name": "a\x00b"},
    {"email": "nora@firm.example", "name": "x" * 5_000},
    {"email": "nora@firm.example", "_visitor": "\x00" * 40, "_page": "http://["},
    {"email": "nora@firm.example", "_landing": "\x00", "_referrer": "x" * 9_000},
    {"email": "nora@firm.example", "_stamp": "\x00"},
    {"email": "nora@firm.example", "_stamp": "W10:1:1"},
    {"email": "nora@firm.example", "website": "\x00"},
    {"email": "nora@firm.example", "name": "\U0001f600\u202e'; DROP TABLE x"},
]


@pytest.mark.parametrize("data", HOSTILE)
def test_hostile_answers_never_break(acme: Workspace, data: dict[str, Any]) -> None:
    assert post(a_form(), data).status_code in (303, 422)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"email=%ff%fe&name=%00", "application/x-www-form-urlencoded"),
        (b"email=%ed%a0%80@x.example", "application/x-www-form-urlencoded"),
        (b"email=a@b.example", "application/x-www-form-urlencoded; charset=utf-16"),
        (b"&".join(b"a=b" for _ in range(5_000)), "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"broken", "multipart/form-data"),
        (b'{"email": 1}', "application/json"),
        (b"x" * 300_000, "application/x-www-form-urlencoded"),
        (b"x" * 10_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_hostile_bodies_never_break(acme: Workspace, body: bytes, content_type: str) -> None:
    form = a_form()
    answer = Client().post(f"/f/{form.token}/", body, content_type=content_type)
    assert 400 <= answer.status_code < 500


def test_another_workspaces_form_leaves_no_trace_here(acme: Workspace, globex: Workspace) -> None:
    with inside(globex.pk):
        form = a_form()
    post(form, ANSWER)
    assert not Lead.objects.exists()
    with inside(globex.pk):
        assert Lead.objects.count() == 1


def test_an_unknown_form_is_not_found(acme: Workspace) -> None:
    assert Client().get("/f/nothing/").status_code == 404
    assert Client().post("/f/nothing/", ANSWER).status_code == 404
