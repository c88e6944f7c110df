"""Pages of duplicates, merges and removed leads."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.actions.merging import merge_leads
from leads.actions.resolving import resolve_leads
from leads.models import Duplicate, Lead, Merge, RemovedLead
from leads.rows import NewLead
from tests.builders import a_lead
from tests.clients import client_of, drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Iterator[None]:
    with inside(world.acme.id):
        yield


def known(**facts: Any) -> Lead:
    (found,) = resolve_leads([NewLead(**facts)], now=timezone.now())
    lead: Lead = Lead.objects.get(id=found.lead_id)
    return lead


@pytest.fixture
def pair() -> tuple[Lead, Lead]:
    ann = known(name="Ann Bell", email="ann@firm.example")
    anna = known(name="Bell Ann", email="anna@firm.example", city="Athens")
    drain()
    return ann, anna


def address(name: str, **rest: Any) -> str:
    return workspace_reverse(f"leads:{name}", **rest)


def test_a_pair_is_shown_with_its_reasons(world: World, pair: tuple[Lead, Lead]) -> None:
    page = client_of(world.rita).get(address("duplicate_list")).content.decode()
    assert "90 % certain" in page
    assert "The same name at the same company" in page
    assert "ann@firm.example" in page
    assert "anna@firm.example" in page


def test_later_shows_what_follows(world: World, pair: tuple[Lead, Lead]) -> None:
    client = client_of(world.rita)
    (shown,) = client.get(address("duplicate_list")).context["page"].rows
    page = client.get(address("duplicate_list"), {"after": shown.later}).content.decode()
    assert "Seen to the end" in page


def test_two_people_are_dismissed_and_brought_back(world: World, pair: tuple[Lead, Lead]) -> None:
    client, found = client_of(world.rita), Duplicate.objects.get()
    client.post(address("duplicate_dismiss", id=found.pk))
    assert "No duplicates found" in client.get(address("duplicate_list")).content.decode()
    client.post(address("duplicate_reopen", id=found.pk))
    assert "90 % certain" in client.get(address("duplicate_list")).content.decode()


def test_a_search_among_all_is_started_once(world: World, pair: tuple[Lead, Lead]) -> None:
    Duplicate.objects.all().delete()
    client = client_of(world.mara)
    for _ in range(2):
        client.post(address("duplicate_search"))
    assert "being looked through" in client.get(address("duplicate_list")).content.decode()
    drain()
    assert Duplicate.objects.count() == 1
    assert "being looked through" not in client.get(address("duplicate_list")).content.decode()


def test_the_list_costs_the_same_for_many_pairs(world: World, pair: tuple[Lead, Lead]) -> None:
    client = client_of(world.rita)
    client.get(address("duplicate_list"))
    with CaptureQueriesContext(connection) as few:
        client.get(address("duplicate_list"))
    for _ in range(5):
        Duplicate.objects.create(first=a_lead(), second=a_lead(), certainty=70, reasons=["phone"])
    with CaptureQueriesContext(connection) as many:
        client.get(address("duplicate_list"))
    assert len(many) == len(few)


def test_both_are_shown_before_they_are_merged(world: World, pair: tuple[Lead, Lead]) -> None:
    ann, anna = pair
    path = address("lead_merge", id=ann.pk)
    client = client_of(world.rita)

    page = client.get(path, {"with": str(anna.pk)}).content.decode()
    assert 'name="take-name"' in page
    assert 'name="take-city"' not in page

    answer = client.post(path, {"with": anna.pk, "take-name": "gone"})
    assert answer["Location"] == address("lead", id=ann.pk)
    ann.refresh_from_db()
    assert (ann.name, ann.city) == ("Bell Ann", "Athens")


def test_a_merge_page_states_its_queries(world: World, pair: tuple[Lead, Lead]) -> None:
    ann, anna = pair
    client, path = client_of(world.rita), address("lead_merge", id=ann.pk)
    client.get(path, {"with": str(anna.pk)})
    with CaptureQueriesContext(connection) as captured:
        client.get(path, {"with": str(anna.pk)})
    assert len(captured) <= 14


def test_from_the_queue_one_returns_to_the_queue(world: World, pair: tuple[Lead, Lead]) -> None:
    ann, anna = pair
    told = {"with": anna.pk, "from": "duplicates"}
    answer = client_of(world.rita).post(address("lead_merge", id=ann.pk), told)
    assert answer["Location"] == address("duplicate_list")


def test_the_other_lead_is_found_by_its_words(world: World, pair: tuple[Lead, Lead]) -> None:
    ann, anna = pair
    other = known(name="Zoe Stone", email="zoe@else.example")
    client, path = client_of(world.rita), address("lead_merge", id=ann.pk)
    assert list(client.get(path).context["found"]) == [anna]
    assert list(client.get(path, {"q": "zoe st"}).context["found"]) == [other]
    assert "Nobody found" in client.get(path, {"q": "xyz\0"}).content.decode()


@pytest.mark.parametrize("other", ["nonsense", "01900000-0000-7000-8000-00000000dead"])
def test_somebody_unknown_is_not_found(world: World, pair: tuple[Lead, Lead], other: str) -> None:
    path = address("lead_merge", id=pair[0].pk)
    assert client_of(world.rita).get(path, {"with": other}).status_code == 404


def test_an_old_link_leads_to_the_kept_lead(world: World, pair: tuple[Lead, Lead]) -> None:
    ann, anna = pair
    merge_leads(ann.pk, anna.pk, choices={}, by=None, now=NOW)
    answer = client_of(world.rita).get(address("lead", id=anna.pk))
    assert (answer.status_code, answer["Location"]) == (302, address("lead", id=ann.pk))


def test_the_history_is_on_the_page_and_undoes(world: World, pair: tuple[Lead, Lead]) -> None:
    ann, anna = pair
    done = merge_leads(ann.pk, anna.pk, choices={}, by=world.rita, now=timezone.now())
    client = client_of(world.rita)
    page = client.get(address("lead", id=ann.pk)).content.decode()
    assert "Undo this merge" in page
    assert "Was merged with “Bell Ann”" in page

    answer = client.post(address("merge_undo", id=done.pk))

    assert answer["Location"] == address("lead", id=anna.pk)
    assert Merge.objects.get().undone_at is not None
    page = client.get(address("lead", id=ann.pk)).content.decode()
    assert "Undo this merge" not in page
    assert "Undone" in page


def test_a_lead_is_removed_and_restored(world: World, pair: tuple[Lead, Lead]) -> None:
    ann, _ = pair
    client = client_of(world.max)
    client.post(address("lead_remove", id=ann.pk))
    page = client.get(address("removed_list")).content.decode()
    assert "Ann Bell" in page
    assert "Removed by hand" in page
    assert "Max" in page

    answer = client.post(address("lead_restore", id=ann.pk))

    assert answer["Location"] == address("lead", id=ann.pk)
    assert Lead.objects.filter(pk=ann.pk).exists()
    assert "Nothing removed" in client.get(address("removed_list")).content.decode()


def test_who_cannot_come_back_is_told_why(world: World) -> None:
    nameless = known(email="x@firm.example")
    client = client_of(world.max)
    client.post(address("lead_remove", id=nameless.pk))
    known(email="x@firm.example")
    answer = client.post(address("lead_restore", id=nameless.pk), follow=True)
    assert "belongs to another lead by now" in answer.content.decode()
    assert RemovedLead.objects.count() == 1


def test_merged_leads_are_not_among_the_removed(world: World, pair: tuple[Lead, Lead]) -> None:
    merge_leads(pair[0].pk, pair[1].pk, choices={}, by=None, now=NOW - timedelta(days=1))
    assert "Nothing removed" in client_of(world.max).get(address("removed_list")).content.decode()
