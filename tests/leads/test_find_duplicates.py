"""Leads that may be one person are suggested, with a certainty and reasons, and stay settled."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadmgmt.kernel.context import inside
from leads.actions.duplicates import (
    AlreadySettled,
    dismiss_pair,
    find_duplicates,
    reopen_pair,
    search_all,
)
from leads.actions.editing import change_lead
from leads.actions.merging import merge_leads
from leads.actions.resolving import resolve_leads
from leads.likeness import Person, compare, plain
from leads.models import Duplicate, Lead, Trait
from leads.rows import NewLead
from tests.clients import drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Iterator[None]:
    with inside(world.acme.id):
        yield


def known(**facts: Any) -> UUID:
    (found,) = resolve_leads([NewLead(**facts)], now=NOW)
    return found.lead_id


def suggested() -> list[tuple[set[UUID], list[str]]]:
    return [
        ({pair.first_id, pair.second_id}, pair.reasons)
        for pair in Duplicate.objects.filter(status="open").order_by("-certainty", "id")
    ]


def test_the_same_name_at_the_same_company() -> None:
    one = known(name="Zoë Müller", email="zoe@firm.example")
    two = known(name="Muller, Zoe", email="z.muller@firm.example")
    known(name="Zoë Müller", email="zoe@other.example")
    drain()
    assert ({one, two}, ["company_name"]) in suggested()


def test_a_similar_name_at_the_same_company() -> None:
    one = known(name="Katherine Johnson", email="kj@firm.example")
    two = known(name="Katharine Johnson", email="kate@firm.example")
    known(name="John Smith", email="john@firm.example")
    drain()
    assert suggested() == [({one, two}, ["company_similar"])]


def test_a_shared_telephone_with_names_that_fit() -> None:
    one = known(name="Ann Bell", email="ann@a.example", phone="+302101234567")
    two = known(name="Bell Ann", email="ann.bell@b.example", phone="+302101234567")
    drain()
    assert suggested() == [({one, two}, ["phone", "name"])]


def test_colleagues_who_share_a_telephone_are_two_people() -> None:
    known(name="Ann Bell", email="ann@a.example", phone="+302101234567")
    known(name="Robert Fox", email="fox@b.example", phone="+302101234567")
    drain()
    assert suggested() == []


def test_a_local_number_is_the_international_one() -> None:
    one = known(name="Ann Bell", phone="+12125550123")
    two = known(name="Ann Bell", email="ann@a.example")
    Lead.objects.filter(pk=two).update(phone="212 555-0123")
    drain()
    assert suggested() == [({one, two}, ["phone", "name"])]


def test_the_same_mailbox_at_another_provider() -> None:
    one = known(name="Ann Bell", email="ann.bell@gmail.com")
    two = known(name="Ann Bell", email="annbell+news@proton.me")
    drain()
    assert suggested() == [({one, two}, ["mailbox", "name"])]


def test_two_firms_have_a_smith_each() -> None:
    known(name="Ann Smith", email="smith@a.example")
    known(name="Ann Smith", email="smith@b.example")
    drain()
    assert suggested() == []


def test_a_mailbox_of_everybody_says_nothing() -> None:
    known(email="office@a.example")
    known(email="office@b.example")
    drain()
    assert suggested() == []


def test_an_external_id_in_another_spelling() -> None:
    one = known(external_id="CRM-00 17", name="Ann Bell")
    two = known(external_id="crm0017", email="ann@a.example")
    drain()
    assert suggested() == [({one, two}, ["external"])]


def test_strangers_are_not_suggested() -> None:
    ids = [known(name=f"Person {n}", email=f"p{n}@firm{n}.example") for n in range(5)]
    assert find_duplicates(ids, now=NOW) == 0


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        ("ann bell", "bell ann", True),
        ("ann bell", "anne bell", True),
        ("a bell", "ann bell", True),
        ("ann maria bell", "ann bell", True),
        ("ann bell", "bob stone", False),
        ("harry bell", "larry bell", False),
        ("ann", "ann bell", False),
        ("ann ann", "ann bell", False),
    ],
)
def test_names_are_compared_whatever_their_order(one: str, other: str, certain: bool) -> None:
    company, traits = UUID(int=7), frozenset[tuple[str, str]]()
    first, second = (
        Person(UUID(int=number), name, company, traits) for number, name in enumerate((one, other))
    )
    assert (compare(first, second)[0] > 0) is certain


def test_names_are_written_plainly() -> None:
    assert plain("  Dr. Ἀλέξανδρος  O’Neill ") == "dr αλεξανδροσ o neill"


def test_new_leads_are_looked_at_by_themselves() -> None:
    one = known(name="Ann Bell", email="ann@firm.example")
    two = known(name="Ann Bell", email="bell@firm.example")
    drain()
    assert suggested() == [({one, two}, ["company_name"])]


def test_a_pair_that_is_not_alike_any_more_is_withdrawn() -> None:
    known(name="Ann Bell", email="ann@firm.example")
    two = known(name="Ann Bell", email="bell@firm.example")
    drain()
    change_lead(Lead.objects.get(pk=two), changes={"name": "Robert Fox"}, now=NOW)
    drain()
    assert suggested() == []


def test_two_people_are_never_suggested_again(world: World) -> None:
    ids = [known(name="Ann Bell", email=f"{each}@firm.example") for each in ("ann", "bell")]
    drain()
    dismiss_pair(Duplicate.objects.get(), by=world.rita, now=NOW)

    find_duplicates(ids, now=NOW)

    assert suggested() == []
    assert Duplicate.objects.get().status == "dismissed"


def test_a_pair_is_settled_once_and_can_be_reopened(world: World) -> None:
    for each in ("ann", "bell"):
        known(name="Ann Bell", email=f"{each}@firm.example")
    drain()
    pair = Duplicate.objects.get()
    dismiss_pair(pair, by=world.rita, now=NOW)
    with pytest.raises(AlreadySettled):
        dismiss_pair(pair, by=world.rob, now=NOW)
    reopen_pair(pair, by=world.rita)
    assert len(suggested()) == 1


def test_a_merged_pair_is_settled() -> None:
    one = known(name="Ann Bell", email="ann@firm.example")
    two = known(name="Ann Bell", email="bell@firm.example")
    drain()
    merge_leads(one, two, choices={}, by=None, now=NOW)
    drain()
    assert suggested() == []


def test_a_search_looks_through_all_leads_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.actions.duplicates.CHUNK", 3)
    for number in range(4):
        known(name=f"Ann Bell {number}x{number}", email=f"a{number}@firm{number}.example")
        known(name=f"Ann Bell {number}x{number}", email=f"b{number}@firm{number}.example")
    drain()
    Duplicate.objects.all().delete()
    Trait.objects.all().delete()

    search_all()
    drain()

    assert Duplicate.objects.count() == 4
    search_all()
    drain()
    assert Duplicate.objects.count() == 4


def test_many_leads_cost_a_few_statements() -> None:
    ids = [known(name=f"Ann {n % 9}", email=f"a{n}@firm.example") for n in range(30)]
    with CaptureQueriesContext(connection) as captured:
        assert find_duplicates(ids, now=NOW) > 0
    assert len(captured) <= 8
