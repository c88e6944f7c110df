"""A key and an address have their number of requests a minute, and are told how much is left."""

import re
import secrets
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from leadmgmt.kernel import limits
from leadmgmt.workspaces.models import Member
from leads.models import Activity
from tests.builders import a_key
from tests.clients import api_of

LEADS, BATCH = "/api/v1/leads/", "/api/v1/activities/batch"
FACT = {"activities": [{"kind": "page_view", "email": "nobody@example.org"}]}
VISIT = {
    "visitor": "0" * 32,
    "events": [{"kind": "page_view", "key": "p" * 16, "url": "https://example.org/"}],
}


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "time", lambda: 1_000_010.0)  # 50 seconds into a minute


@pytest.fixture
def addresses() -> list[str]:
    """Two that nobody has come from, for Redis remembers longer than a test lasts."""
    return [f"2001:db8::{secrets.token_hex(2)}:{each}" for each in (1, 2)]


def _track(site_key: str, address: str) -> Any:
    send = Client(REMOTE_ADDR=address).post
    return send(f"/c/{site_key}/events", VISIT, content_type="application/json")


@pytest.mark.parametrize(("method", "address"), [("get", LEADS), ("post", BATCH)])
def test_a_key_has_its_minute(settings: Settings, ada: Member, method: str, address: str) -> None:
    settings.API_LIMIT = 2
    ours, other = api_of(a_key(ada)), api_of(a_key(ada))
    ask = getattr(ours, method)
    answers = [ask(address, FACT) for _ in range(3)]
    assert [each["RateLimit"] for each in answers] == [
        '"minute";r=1;t=10',
        '"minute";r=0;t=10',
        '"minute";r=0;t=10',
    ]
    assert answers[1].status_code != 429
    assert (answers[2].status_code, answers[2]["Retry-After"]) == (429, "10")
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert "At most 2 requests a minute; try again in 10 seconds." in answers[2].json()["detail"]
    assert getattr(other, method)(address, FACT).status_code != 429


def test_the_next_minute_begins_anew(
    settings: Settings, ada: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_LIMIT = 1
    api = api_of(a_key(ada))
    assert [api.get(LEADS).status_code for _ in range(2)] == [200, 429]
    monkeypatch.setattr(limits, "time", lambda: 1_000_020.0)
    assert api.get(LEADS).status_code == 200


def test_an_address_has_its_minute_at_a_site(
    settings: Settings, ada: Member, addresses: list[str]
) -> None:
    settings.TRACKING_LIMIT = 1
    site = ada.workspace.site_key
    assert [_track(site, addresses[0]).status_code for _ in range(2)] == [202, 429]
    assert _track(site, addresses[1]).status_code == 202
    pixel = Client(REMOTE_ADDR=addresses[1]).get(f"/c/{site}/pixel.gif?url=https://example.org/")
    assert pixel.status_code == 429
    assert pixel["Access-Control-Allow-Origin"] == "*"
    assert Activity.objects.filter(kind="page_view").count() == 1


def test_while_redis_is_away_everybody_is_let_through(
    settings: Settings, ada: Member, addresses: list[str]
) -> None:
    settings.API_LIMIT = settings.TRACKING_LIMIT = 1
    standard = settings.CACHES["default"]
    settings.CACHES = {"default": standard | {"LOCATION": "redis://127.0.0.1:1/0"}}
    api = api_of(a_key(ada))
    assert [api.get(LEADS).status_code for _ in range(3)] == [200] * 3
    site = ada.workspace.site_key
    assert [_track(site, addresses[0]).status_code for _ in range(3)] == [202] * 3


def test_without_a_limit_nobody_is_counted(settings: Settings, ada: Member) -> None:
    settings.API_LIMIT = 0
    answer = api_of(a_key(ada)).get(LEADS)
    assert answer.status_code == 200
    assert not any(re.match("RateLimit", name) for name in answer.headers)
