"""Keyset pages: nothing twice, nothing left out, and no link that breaks the page."""

import pytest

from leadmgmt.ui import paging
from leadmgmt.ui.paging import Page, page_of
from leads.models import Lead
from tests.builders import a_lead
from tests.worlds import World

ORDER = ("-stage", "name", "id")


@pytest.fixture
def leads(world: World) -> list[Lead]:
    """Seven leads of which some share stage and name."""
    named = [("mql", "Ann"), ("lead", "Ann"), ("lead", "Ann"), ("sql", "Bo"), ("lead", "Cy")]
    for stage, name in [*named, ("mql", "Dee"), ("mql", "Ann")]:
        a_lead(stage=stage, name=name)
    return list(Lead.objects.order_by(*ORDER))


def the_page(**query: str) -> Page[Lead]:
    return page_of(Lead.objects.all(), ORDER, query, size=3)


def test_walking_forward_meets_every_row_once(leads: list[Lead]) -> None:
    page = the_page()
    met = list(page.rows)
    while page.next:
        page = the_page(after=page.next)
        met += page.rows
    assert met == leads


def test_walking_back_shows_the_same_pages(leads: list[Lead]) -> None:
    first = the_page()
    second = the_page(after=first.next)
    back = the_page(before=second.previous)
    assert list(back.rows) == list(first.rows)
    assert back.previous == ""
    assert list(the_page(after=back.next).rows) == list(second.rows)


def test_the_ends_have_no_neighbours(leads: list[Lead]) -> None:
    assert the_page().previous == ""
    last = the_page(after=the_page(after=the_page().next).next)
    assert (len(last.rows), last.next) == (1, "")


@pytest.mark.parametrize("wrong", ["x", "W10", "WyJhIl0", "%00", "WzEsMiwzXQ:abc", "null", "\x00"])
def test_a_cursor_that_is_not_ours_shows_the_first_page(leads: list[Lead], wrong: str) -> None:
    assert list(the_page(after=wrong).rows) == leads[:3]
    assert list(the_page(before=wrong).rows) == leads[:3]


def test_a_cursor_of_another_order_shows_the_first_page(leads: list[Lead]) -> None:
    other = page_of(Lead.objects.all(), ("name", "-stage", "id"), {}, size=3)
    assert list(the_page(after=other.next).rows) == leads[:3]


def test_the_count_is_capped(leads: list[Lead], monkeypatch: pytest.MonkeyPatch) -> None:
    assert (the_page().total, the_page().is_capped) == (7, False)
    monkeypatch.setattr(paging, "COUNT_CAP", 5)
    assert (the_page().shown_total, the_page().is_capped) == (5, True)


def test_a_page_costs_two_statements(leads: list[Lead], django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        the_page()
