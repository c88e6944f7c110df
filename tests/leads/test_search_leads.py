"""Leads are found by the beginnings of words, in their own workspace only."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from leadmgmt.kernel.context import inside
from leads.actions.notes import log_note
from leads.actions.removing import put_back, take_out
from leads.columns import LEADS
from leads.models import Activity, Company, Lead, RemovedCause
from leads.queries.lists import list_page
from leads.queries.narrowing import LEAD_FILTERS, narrowed
from tests.builders import a_company, a_lead
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("world")


def found(asked: str) -> list[str]:
    found = narrowed({"q": asked}, LEAD_FILTERS)
    return sorted(row.name for row in list_page(LEADS, [], found.where, "-created", {}).rows)


@pytest.mark.parametrize(
    "asked",
    [
        "ann",
        "KELLER ann",
        "ann@nord",
        "Ann.Keller@Nordwind.example",
        "anna k",
        "nordwind.ex",
        "+30 210 123",
        "210 1234567",
        "1234567",
        "shipp",
    ],
)
def test_words_are_found_by_their_beginning(asked: str) -> None:
    company = a_company(name="Global Shipping")
    email = "ann.keller@nordwind.example"
    a_lead(name="Anna Keller", email=email, phone="+302101234567", company=company)
    a_lead(name="Bob", email="bob@other.example")
    assert found(asked) == ["Anna Keller"]


@pytest.mark.parametrize("asked", ["eller", "anna bob", "'", "!&|:*", "a:b\\c", "%"])
def test_what_begins_no_word_finds_nobody(asked: str) -> None:
    a_lead(name="Anna Keller", email="x@y.example")
    assert found(asked) == []


def test_names_in_other_alphabets_are_found() -> None:
    a_lead(name="Олексій Петренко")
    a_lead(name="Ελένη")
    assert found("петр") == ["Олексій Петренко"]
    assert found("ΕΛΈ") == ["Ελένη"]


def test_a_new_name_is_found_and_the_old_one_is_not() -> None:
    company = a_company(name="Before")
    lead = a_lead(name="Anna", company=company)
    Lead.objects.filter(id=lead.id).update(name="Berta")
    Company.objects.update(name="After")
    assert found("berta after") == ["Berta"]
    assert found("anna") == found("before") == []


def test_a_note_is_found_with_the_profile_in_every_alphabet() -> None:
    ann, _bob = a_lead(name="Anna"), a_lead(name="Bob")
    for text in ("Wants the big contract", "обіцяв договір", "Υπόσχεση"):
        log_note(ann, text=text, by=None, now=NOW)
    for asked in ("contr", "договір", "υπόσχεση", "anna contract big"):
        assert found(asked) == ["Anna"]
    Lead.objects.filter(id=ann.id).update(name="Berta")
    assert found("berta contract") == ["Berta"]


def test_a_note_that_moves_or_goes_takes_its_words_with_it() -> None:
    ann, bob = a_lead(name="Anna"), a_lead(name="Bob")
    log_note(ann, text="contract", by=None, now=NOW)
    Activity.objects.update(lead=bob)
    assert found("contract") == ["Bob"]
    Activity.objects.all().delete()
    assert found("contract") == []


def test_a_note_put_back_with_its_lead_is_found() -> None:
    ann = a_lead(name="Anna")
    log_note(ann, text="contract", by=None, now=NOW)
    take_out([ann.pk], cause=RemovedCause.PERSON, by=None, now=NOW)
    assert found("contract") == []
    put_back([ann.pk], by=None, now=NOW)
    assert found("contract") == ["Anna"]


def test_a_letter_alone_is_a_word() -> None:
    a_lead(name="Anna K", email="x@y.example")
    assert found("k") == ["Anna K"]
    assert found("a") == []


def test_nobody_of_another_workspace_is_found(world: World) -> None:
    with inside(world.globex.id):
        a_lead(name="Anna")
    assert found("anna") == []


def test_a_removed_lead_is_not_found() -> None:
    a_lead(name="Anna")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM leads_lead")
        cursor.execute("SELECT count(*) FROM leads_search")
        assert cursor.fetchone() == (0,)


def test_the_search_uses_its_index(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found("anna")
