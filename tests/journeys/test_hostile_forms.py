"""Every form of the pages under a sample of what no person would send: a sentence, never a fault.

The sample is drawn anew each time; a failure names the seed that draws it again
(`HOSTILE_SEED=… pytest tests/journeys/test_hostile_forms.py`).
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from leadmgmt.access import TABLE
from leadmgmt.workspaces.models import Member
from tests.architecture.routes import Route, routes
from tests.clients import client_of
from tests.journeys.everything import make_everything, starts
from tests.journeys.forms import Form, found_forms

FORM = "application/x-www-form-urlencoded"
MOST_TRIES = 12  # a button alone needs fewer: see `tries`
MOST = 0.9  # of the forms must be found; of the others the names of fields are guessed
GUESSED = ("name", "row", "lead", "owner", "stage", "kind", "step", "key", "text", "do", "ids")
HOSTILE = (
    b"", b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"x" * 10_000, b"9" * 400,
    b"9" * 5_000, b"[" * 9_000,
    b"-1", b"NaN", "²".encode(),
    b"1e999", b"9223372036854775808", b"0001-01-01", b"9999-12-31T23:59", b"2026-13-45",
    b"01900000-0000-7000-8000-00000000dead", b"not-a-uuid", b"[]", b'{"all": [[[]]]}', b"null",
    b"{{ lead.__class__ }}", b"{% for a in b %}", b"'; DROP TABLE leads_lead; --",
    b"<script>alert(1)</script>", "\u202e\U0001f4a9\u0301".encode(), b"javascript:alert(1)",
)  # fmt: skip
ASKED: tuple[str, ...] = (
    "after",
    "before",
    "q",
    "sort",
    "from",
    "to",
    "days",
    "campaign",
    "source",
    "stage",
)
ASKED += ("owner", "lead", "lead_class", "state", "status", "verdict", "family", "counting")

pytestmark = pytest.mark.timeout(300)  # about 20 s of work, on a machine with much else to do


class Dice(Random):
    """Draws the sample, and knows how to draw it again."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def __repr__(self) -> str:
        return f"HOSTILE_SEED={self.number}"


@pytest.fixture
def dice() -> Dice:
    """Another sample each time, or the one asked for."""
    return Dice(int(os.environ.get("HOSTILE_SEED", secrets.randbits(32))))


@pytest.fixture
def ada_browser(ada: Member, settings: Any, tmp_path: Path) -> Client:
    """Somebody who may do everything, in a workspace that has something of everything."""
    settings.MEDIA_ROOT = tmp_path
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens
    make_everything(ada, timezone.now())
    client = client_of(ada)
    client.raise_request_exception = False
    return client


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def a_body(form: Form, dice: Dice) -> bytes:
    """The form as filled in, with some fields gone, turned hostile, or sent twice."""
    pairs: list[tuple[str, bytes]] = []
    for name, value in form.fields.items():
        luck = dice.random()
        if luck < 0.4:
            pairs.append((name, value.encode()))
        elif luck < 0.9:
            pairs += [(name, dice.choice(HOSTILE))] * (2 if luck > 0.8 else 1)
    return b"&".join(
        f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}".encode()
        for name, value in pairs
    )


def tries(form: Form) -> int:
    """The more fields, the more ways to go wrong."""
    return min(MOST_TRIES, 2 + 2 * len(form.fields))


def writable() -> list[Route]:
    return [each for each in routes() if each.is_in_workspace and TABLE[each.name].write]


def test_hostile_forms_are_answered_in_words(ada_browser: Client, dice: Dice) -> None:
    forms = found_forms(ada_browser, starts())
    assert sum(each.name in forms for each in writable()) > MOST * len(writable())
    for route in writable():
        form = forms.get(route.name) or Form(route.url("acme"), dict.fromkeys(GUESSED, "x"))
        for _try in range(tries(form)):
            body = a_body(form, dice)
            with undone():
                answer = ada_browser.post(form.action, body, content_type=FORM)
            assert answer.status_code < 500, (dice, form.action, body)


def test_hostile_queries_are_answered_in_words(ada_browser: Client, dice: Dice) -> None:
    for route in routes():
        if route.is_in_workspace and TABLE[route.name].read and not route.has_id:
            for name in dice.sample(ASKED, 8):
                asked = f"{name}={quote_from_bytes(dice.choice(HOSTILE))}"
                answer = ada_browser.get(f"{route.url('acme')}?{asked}")
                assert answer.status_code < 500, (dice, route.name, asked)
