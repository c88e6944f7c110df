"""Personas: written with three to five reasons, recognised by a segment, shown beside a lead."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.addresses import workspace_reverse
from leads.actions.personas import move_persona, restore_persona, retire_persona, save_persona
from leads.models import Persona, Segment
from leads.queries.personas import persona_of, persona_rows
from tests.builders import a_draft_of, a_lead, a_persona, a_segment
from tests.clients import client_of, drain
from tests.worlds import World

GREEK = {"all": [{"field": "country", "is": "Greece"}]}
FACTS: dict[str, Any] = {"name": "Paul", "reasons": ["Safe", "Quick", "Cheap"]}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def save(world: World, persona: Persona | None = None, **given: Any) -> Persona:
    facts = FACTS | given.pop("facts", {})
    return save_persona(
        persona or Persona(), facts=facts, by=world.mara, now=timezone.now(), **given
    )


def test_a_condition_makes_the_segment_that_recognises_people(world: World) -> None:
    a_lead(), a_lead(country="Greece")

    persona = save(world, condition=GREEK)
    drain()

    (row,) = persona_rows()
    assert persona.segment is not None
    assert (persona.segment.name, row.size, row.share) == ("Paul", 1, 0.5)


def test_its_segment_may_not_be_frozen_or_retired(world: World) -> None:
    with pytest.raises(Refusal, match="no live segment"):
        save(world, segment=a_segment())


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Taken"}, "name"),
        ({"reasons": ["One", " ", "Two"]}, "reasons"),
        ({"reasons": list("abcdef")}, "reasons"),
        ({"story": "x" * 5_001}, "story"),
    ],
)
def test_what_cannot_be_a_persona_is_refused(
    facts: dict[str, Any], field: str, world: World
) -> None:
    a_persona(name="Taken")

    with pytest.raises(Refusal) as refused:
        save(world, facts=facts, condition=GREEK)

    assert refused.value.field == field
    assert Persona.objects.count() == 1
    assert not Segment.objects.exists()


def test_the_first_persona_that_fits_counts(world: World, now: datetime) -> None:
    lead = a_lead(country="Greece")
    first = save(world, condition=GREEK)
    second = save(world, facts={"name": "Paula"}, condition=GREEK)
    drain()
    assert found(lead) == first

    move_persona(second, up=True)
    assert found(lead) == second

    retire_persona(second, now=now)
    assert found(lead) == first

    restore_persona(second)
    assert found(lead) == first
    assert [row.persona for row in persona_rows()] == [first, second]


def found(lead: Any) -> Persona | None:
    match = persona_of(lead)
    return match[0] if match else None


def test_who_fits_none_has_none(world: World) -> None:
    a_persona()
    assert persona_of(a_lead()) is None


def test_it_is_written_on_its_page_and_told_beside_the_lead(world: World) -> None:
    lead = a_lead(country="Greece")
    posted = {"name": "Paul", "reasons": "Safe\nQuick\nCheap", "story": "Once upon", "save": "1"}
    posted |= a_draft_of(GREEK)

    answer = client_of(world.mara).post(workspace_reverse("leads:persona_new"), posted)
    drain()

    persona = Persona.objects.get()
    assert answer["Location"] == workspace_reverse("leads:persona", id=persona.pk)
    for address in (answer["Location"], workspace_reverse("leads:lead", id=lead.pk)):
        shown = client_of(world.rita).get(address).content.decode()
        assert "Quick" in shown
        assert "Once upon" in shown


def test_changing_the_sheet_keeps_its_segment(world: World) -> None:
    persona = save(world, condition=GREEK)
    values = {"name": "Paul", "reasons": "A\nB\nC", "segment": str(persona.segment_id), "save": "1"}

    client_of(world.mara).post(workspace_reverse("leads:persona_edit", id=persona.pk), values)

    before = persona.segment_id
    persona.refresh_from_db()
    assert (persona.reasons, persona.segment_id) == (["A", "B", "C"], before)


def test_a_sheet_with_two_reasons_is_drawn_again(world: World) -> None:
    values = {"name": "Paul", "reasons": "A\nB", "save": "1"}
    answer = client_of(world.mara).post(workspace_reverse("leads:persona_new"), values)
    assert answer.status_code == 422
    assert "three to five" in answer.content.decode()


def test_the_list_takes_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for name in ("A", "B", "C"):
        save(world, facts={"name": name}, condition=GREEK)
    client, address = client_of(world.mara), workspace_reverse("leads:persona_list")
    client.get(address)

    with django_assert_max_num_queries(8):
        assert client.get(address).status_code == 200


def test_order_retire_and_restore_on_pages(world: World) -> None:
    first, second = (save(world, facts={"name": name}, condition=GREEK) for name in "AB")
    client = client_of(world.mara)
    client.post(workspace_reverse("leads:persona_move", id=second.pk), {"to": "up"})
    assert [row.persona for row in persona_rows()] == [second, first]
    client.post(workspace_reverse("leads:persona_retire", id=second.pk))
    assert [row.persona for row in persona_rows()] == [first]
    client.post(workspace_reverse("leads:persona_restore", id=second.pk))
    assert [row.persona for row in persona_rows()] == [first, second]
