"""Odd values deep inside what the API takes: a problem in words, never a fault."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.db import transaction

from leadmgmt.workspaces.models import Member
from tests import builders
from tests.clients import JsonClient, api_of

JSON = "application/json"
PLACE = "put it here"
VALUES: dict[str, bytes] = {
    "nul": rb'"a\u0000b"',
    "half a character": rb'"\ud800"',
    "10**30": b"1" + b"0" * 30,
    "a big number": b"9223372036854775807",
    "minus one": b"-1",
    "not a number": b"NaN",
    "1e400": b"1e400",
    "1e300": b"1e300",
    "null": b"null",
    "true": b"true",
    "nothing": b'""',
    "a list": b'[1, null, {"a": []}]',
    "an object": b'{"a": {"b": []}}',
    "depth": b"[" * 60 + b"]" * 60,
    "a long text": b'"' + b"x" * 100_000 + b'"',
    "odd text": '"\u202e\U0001f4a9\u0301"'.encode(),
}
SCORE = {"all": [{"field": "score", "is_at_least": 50}, {"any": [{"field": "country", "is": "x"}]}]}
HAPPENED = {"activity": "page_view", "at_least": 3, "within_days": 30}

BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "forms": ("POST forms/", {
        "name": "F", "questions": [{"key": "email", "label": "Mail", "is_required": True}],
    }),
    "playbook": ("POST playbooks/", {
        "questions": [{"key": "", "label": "Why?", "hint": "h", "in_favour": "yes", "demand": "",
                       "is_dated": False, "is_retired": False}],
        "reasons": {"accepted": ["Fits"], "rejected": ["No"], "recycled": ["Later"]},
        "least_in_favour": 1, "cool_off_days": 3, "reason": "Why",
    }),
    "definitions": ("POST definitions/", {
        "stage": "mql", "explanation": "E", "reason": "R", "condition": SCORE,
        "subcategories": [{"name": "A", "explanation": "B", "condition": HAPPENED}],
        "moves_to": ["sql"], "exit_reasons": ["No"],
    }),
    "routing": ("PUT routing/draft/", {
        "rules": [{"name": "A", "condition": SCORE, "target": "pool", "keeps_company": True,
                   "otherwise": "hold"}, {"name": "B", "target": "pool"}],
    }),
    "shares": ("PUT teams/{team}/shares/", {
        "member": "{member}", "weight": 1, "capacity": 3, "territory": SCORE,
    }),
    "companies in bulk": ("POST bulk-actions/", {
        "kind": "set_field", "subject": "company",
        "parameters": {"field": "country", "value": "Greece"},
        "selection": {"query": {"q": "firm"}},
    }),
    "companies given": ("POST bulk-actions/", {
        "kind": "assign", "subject": "company", "parameters": {"owner": "{member}"},
        "selection": {"ids": ["{company}"]},
    }),
    "team": ("PATCH teams/{team}/", {"members": ["{member}"]}),
    "hours": ("PUT teams/{team}/hours/", {
        "hours": {"days": [0, 1], "opens": "09:00", "closes": "17:00", "time_zone": "",
                  "holiday_country": ""},
    }),
}  # fmt: skip


@pytest.fixture
def client(ada: Member) -> JsonClient:
    made = api_of(builders.a_key(ada))
    made.raise_request_exception = False
    return made


@pytest.fixture
def ids(ada: Member) -> dict[str, str]:
    team, company = builders.a_team("", ada), builders.a_company()
    return {"team": str(team.pk), "member": str(ada.pk), "company": str(company.pk)}


def filled(value: Any, ids: dict[str, str]) -> Any:
    """With ids where they are named."""
    text = json.dumps(value)
    for name, row in ids.items():
        text = text.replace(f"{{{name}}}", row)
    return json.loads(text)


def spoilt(value: Any) -> Iterator[Any]:
    """The value with the mark in each of its places in turn."""
    yield PLACE
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from ({**value, key: each} for each in spoilt(inner))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            for each in spoilt(inner):
                yield [*value[:place], each, *value[place + 1 :]]


@pytest.mark.parametrize("name", BODIES)
def test_odd_values_in_any_place_are_problems(
    client: JsonClient, ids: dict[str, str], name: str
) -> None:
    route, sound = BODIES[name]
    method, path = filled(route, ids).split()
    address, body = f"/api/v1/{path}", filled(sound, ids)
    with transaction.atomic():
        answer = client.generic(method, address, json.dumps(body), content_type=JSON)
        assert answer.status_code in (200, 201), answer.content[:500]
        transaction.set_rollback(True)
    for place in spoilt(body):
        text = json.dumps(place).encode()
        for told, value in VALUES.items():
            sent = text.replace(json.dumps(PLACE).encode(), value)
            with transaction.atomic():
                answer = client.generic(method, address, cast("str", sent), content_type=JSON)
                transaction.set_rollback(True)
            assert answer.status_code < 500, (told, place, answer.content[:300])
            if answer.status_code >= 400:
                assert answer["Content-Type"] == "application/problem+json", (told, place)


@pytest.mark.parametrize("name", BODIES)
def test_ten_megabytes_are_refused_before_they_are_read(
    client: JsonClient, ids: dict[str, str], name: str
) -> None:
    method, path = filled(BODIES[name][0], ids).split()
    for body in (b"[" * 10_000_000, b'{"name": "' + b"x" * 10_000_000 + b'"}'):
        answer = client.generic(method, f"/api/v1/{path}", cast("str", body), content_type=JSON)
        assert answer.status_code in (400, 413), (name, answer.content[:300])
        assert answer["Content-Type"] == "application/problem+json"
