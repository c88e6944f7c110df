"""One verb for companies whose people meet a condition: chunk by chunk, taken back, ours only."""

import json
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leads.actions import bulk as bulk_actions
from leads.actions.bulk import move_bulk, start_bulk, undo_bulk
from leads.bulk import verb_called
from leads.bulk.selecting import selection_of
from leads.models import BulkAction, BulkStatus, Company, Lead, Subject
from tests.builders import a_company, a_lead
from tests.clients import drain
from tests.worlds import World

KIEL = {"query": {"condition": json.dumps({"field": "city", "is": "Kiel"})}}
SPAIN = {"query": {"condition": json.dumps({"field": "company.country", "is": "Spain"})}}


@pytest.fixture
def firms(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Company]:
    """Five Spanish firms with two people each in Kiel, and one without."""
    monkeypatch.setattr(bulk_actions, "CHUNK", 2)
    made = [a_company(name=f"Firm {number}", country="Spain") for number in range(6)]
    for firm in made[:5]:
        for _each in range(2):
            a_lead(company=firm, city="Kiel")
    a_lead(company=made[5], city="Bonn")
    return made


def start(world: World, kind: str, selection: dict[str, Any], **parameters: Any) -> BulkAction:
    verb = verb_called(kind, Subject.COMPANY)
    assert verb
    chosen = selection_of(selection, member=world.ada, subject=Subject.COMPANY)
    now = timezone.now()
    return start_bulk(verb, parameters=parameters, selection=chosen, by=world.ada, now=now)


def undone(bulk: BulkAction) -> BulkAction:
    undo_bulk(bulk.pk, now=timezone.now())
    drain()
    bulk.refresh_from_db()
    return bulk


def test_those_who_are_meant_go_and_come_back_with_their_people(
    world: World, firms: list[Company]
) -> None:
    bulk = start(world, "remove", KIEL)
    assert bulk.total == 5
    drain()
    assert Company.objects.get() == firms[5]
    assert Lead.objects.filter(company=None).count() == 10
    assert undone(bulk).status == BulkStatus.UNDONE
    assert Company.objects.count() == 6
    assert not Lead.objects.filter(company=None).exists()


def test_what_is_set_may_be_what_was_asked_for(world: World, firms: list[Company]) -> None:
    bulk = start(world, "set_field", SPAIN, field="country", value="Italy")
    assert bulk.total == 6
    drain()
    assert set(Company.objects.values_list("country", flat=True)) == {"Italy"}
    assert undone(bulk).handled == 6
    assert set(Company.objects.values_list("country", flat=True)) == {"Spain"}


def test_a_chunk_that_dies_is_done_again_and_not_twice(
    world: World, firms: list[Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = start(world, "tag", KIEL, tag="Coast")
    move_bulk(bulk.pk, now=timezone.now())
    counted = bulk_actions._count

    def dying(*_args: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(bulk_actions, "_count", dying)
    with pytest.raises(SystemExit):
        move_bulk(bulk.pk, now=timezone.now())
    monkeypatch.setattr(bulk_actions, "_count", counted)
    drain()
    bulk.refresh_from_db()
    assert (bulk.status, bulk.handled, bulk.changed) == (BulkStatus.DONE, 5, 5)


def test_firms_of_others_are_not_meant(world: World, firms: list[Company]) -> None:
    with inside(world.globex.pk):
        theirs = a_company(name="Theirs", country="Spain")
        a_lead(company=theirs, city="Kiel")
    chosen = {"ids": [str(theirs.pk), str(firms[0].pk)]}
    assert start(world, "remove", chosen).total == 1
    start(world, "tag", KIEL, tag="Coast")
    drain()
    with inside(world.globex.pk):
        assert Company.objects.filter(pk=theirs.pk, company_tags=None).exists()
