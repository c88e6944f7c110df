"""A list longer than is counted says so, and is not counted again at every look."""

from collections.abc import Iterator
from time import monotonic

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leadmgmt.kernel.context import inside
from leadmgmt.ui import paging
from leadmgmt.workspaces.models import Member, Workspace
from leads.conditions import Sql
from leads.models import Lead
from leads.queries import listing, long_lists
from tests.builders import a_lead
from tests.clients import client_of

ADDRESS = "/w/acme/leads/"
ROWS = Sql("leads_lead WHERE stage = %s", ("mql",))


@pytest.fixture(autouse=True)
def _three_are_many(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(paging, "COUNT_CAP", 3)
    monkeypatch.setattr(listing, "COUNT_CAP", 3)
    long_lists._known_until.clear()
    yield
    long_lists._known_until.clear()


@pytest.fixture
def browser(max: Member) -> Client:
    return client_of(max)


def total_of(browser: Client, asked: str = "") -> tuple[int, bool, bool]:
    """How many are told, whether there are more, and whether anybody counted."""
    with CaptureQueriesContext(connection) as statements:
        page = browser.get(f"{ADDRESS}{asked}").context["page"]
    is_counted = any("count(*)" in each["sql"] for each in statements)
    return page.shown_total, page.is_capped, is_counted


def test_a_long_list_is_counted_once(browser: Client) -> None:
    for _ in range(5):
        a_lead()
    assert total_of(browser) == (3, True, True)
    assert total_of(browser) == (3, True, False)


def test_a_list_within_the_cap_is_counted_at_every_look(browser: Client) -> None:
    for number in range(1, 4):
        a_lead()
        assert total_of(browser) == (number, False, True)


def test_of_one_long_list_nothing_follows_for_another(browser: Client) -> None:
    for _ in range(5):
        a_lead(stage="lead")
    a_lead(stage="mql")
    assert total_of(browser, "?stage=lead")[1]
    assert total_of(browser, "?stage=mql") == (1, False, True)
    assert total_of(browser, "?stage=sql") == (0, False, True)


def test_an_empty_list_is_never_long(browser: Client) -> None:
    for _ in range(5):
        a_lead()
    assert total_of(browser)[1]
    Lead.objects.all().delete()
    assert total_of(browser)[:2] == (0, False)


@pytest.mark.usefixtures("world")
def test_it_is_counted_again_after_a_minute() -> None:
    now = monotonic()
    long_lists.know_as_long(ROWS, now)
    assert long_lists.is_long(ROWS, now + 59)
    assert not long_lists.is_long(ROWS, now + 61)


def test_nothing_follows_for_another_workspace(acme: Workspace, globex: Workspace) -> None:
    long_lists.know_as_long(ROWS)
    with inside(globex.pk):
        assert not long_lists.is_long(ROWS)
    assert long_lists.is_long(ROWS)
