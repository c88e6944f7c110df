"""Segments are written, frozen, filled by hand, retired and deleted; what is wrong is refused."""

from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.refusals import Refusal
from leads.actions.filling import add_to_segment, remove_from_segment
from leads.actions.segments import (
    change_segment,
    create_segment,
    delete_segment,
    freeze_segment,
    restore_segment,
    retire_segment,
)
from leads.models import Membership, RetentionRule, Segment, SegmentKind
from leads.uses import segments_named, uses_of
from tests.builders import a_lead, a_persona, a_segment
from tests.clients import drain
from tests.worlds import World

GREEK = {"field": "country", "is": "Greece"}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def live(world: World, name: str, *asked: Segment, **tree: Any) -> Segment:
    condition = {"field": "segments", "is_in": [str(each.pk) for each in asked]}
    return create_segment(
        name=name, condition=condition if asked else tree, by=world.mara, now=timezone.now()
    )


def members(segment: Segment) -> set[Any]:
    segment.refresh_from_db()
    found = Membership.objects.filter(segment=segment, left_at=None)
    assert found.count() == segment.size
    return set(found.values_list("lead_id", flat=True))


@pytest.mark.parametrize(
    ("given", "field", "part"),
    [
        ({"name": " "}, "name", "name"),
        ({"name": "Greeks"}, "name", "“Greeks”"),
        ({"condition": None}, "condition", "needs a condition"),
        ({"condition": {"field": "hue", "is": "red"}}, "condition", "“hue”"),
        ({"name": "x" * 121}, "name", "121"),
    ],
)
def test_what_cannot_be_a_segment_is_refused(
    given: dict[str, Any], field: str, part: str, world: World, now: datetime
) -> None:
    create_segment(name="Greeks", condition=GREEK, by=world.mara, now=now)

    with pytest.raises(Refusal) as refused:
        create_segment(**{"name": "New", "condition": GREEK} | given, by=world.mara, now=now)

    assert refused.value.field == field
    assert part in refused.value.sentence
    assert Segment.objects.count() == 1


def test_a_circle_is_refused_and_names_the_way(world: World, now: datetime) -> None:
    first = live(world, "First", **GREEK)
    second = live(world, "Second", first)
    third = live(world, "Third", second)
    asked = {"all": [GREEK, {"field": "segments", "is_not_in": [str(third.pk)]}]}

    with pytest.raises(Refusal) as refused:
        change_segment(first, name="First", description="", condition=asked, now=now)

    way = "“First” asks about “Third” asks about “Second” asks about “First”"
    assert way in refused.value.sentence
    first.refresh_from_db()
    assert first.condition == GREEK


def test_asking_something_else_asks_everybody_and_a_new_name_nobody(
    world: World, now: datetime
) -> None:
    greek, indian = a_lead(country="Greece"), a_lead(country="India")
    segment = live(world, "Here", **GREEK)
    drain()

    change_segment(segment, name="There", description="Far", now=now)
    assert not Segment.objects.get().is_stale

    asked = {"field": "country", "is": "India"}
    change_segment(segment, name="There", description="", condition=asked, now=now)
    assert members(segment) == {greek.pk}  # until it is built
    drain()
    assert members(segment) == {indian.pk}


def test_freezing_keeps_those_of_now(world: World, now: datetime) -> None:
    lead = a_lead(country="Greece")
    segment = live(world, "Greeks", **GREEK)
    drain()

    copy = freeze_segment(segment, name="Greeks of March", by=world.mara, now=now)
    late = a_lead(country="Greece")
    asked = {"field": "country", "is": "India"}
    change_segment(segment, name="Greeks", description="", condition=asked, now=now)
    drain()

    assert copy.kind == SegmentKind.FROZEN
    assert members(copy) == {lead.pk}
    assert late.pk not in members(copy)


def test_a_frozen_one_may_be_asked_for_once(world: World, now: datetime) -> None:
    greek, other = a_lead(country="Greece"), a_lead()
    frozen = create_segment(
        name="Fair",
        kind=SegmentKind.FROZEN,
        condition=GREEK,
        lead_ids=[other.pk],
        by=world.mara,
        now=now,
    )
    drain()
    assert members(frozen) == {greek.pk, other.pk}

    with pytest.raises(Refusal, match="frozen"):
        change_segment(frozen, name="Fair", description="", condition={"all": []}, now=now)


def test_people_are_put_in_and_out_by_hand(world: World, now: datetime) -> None:
    first, second = a_lead(), a_lead()
    frozen = a_segment(first)

    come = add_to_segment([first.pk, second.pk], segment=frozen, by=world.rita, now=now)
    assert come == (second.pk,)
    assert Membership.objects.get(lead=second).by == world.rita

    gone = remove_from_segment(come, segment=frozen, by=world.rita, now=now)
    assert gone == come
    assert members(frozen) == {first.pk}


def test_nobody_is_put_into_a_live_or_a_retired_one(world: World, now: datetime) -> None:
    lead, frozen = a_lead(), a_segment()
    retire_segment(frozen, now=now)
    frozen.refresh_from_db()

    for segment, word in ((live(world, "Live", **GREEK), "live"), (frozen, "retired")):
        with pytest.raises(Refusal, match=word):
            add_to_segment([lead.pk], segment=segment, by=world.rita, now=now)


def test_a_retired_one_stays_as_it_is_until_it_is_restored(world: World, now: datetime) -> None:
    lead = a_lead(country="Greece")
    segment = live(world, "Greeks", **GREEK)
    drain()
    retire_segment(segment, now=now)
    late = a_lead(country="Greece")
    drain()
    assert members(segment) == {lead.pk}

    restore_segment(segment, now=now)
    drain()

    assert members(segment) == {lead.pk, late.pk}


def test_what_uses_a_segment_is_found_and_keeps_it(world: World, now: datetime) -> None:
    segment = live(world, "Greeks", **GREEK)
    live(world, "Nested", segment)
    a_persona(name="Paul", segment=segment)
    asked = {"none": [{"field": "segments", "is_in": [str(segment.pk)]}]}
    RetentionRule.objects.create(name="Old", condition=asked)

    found = {(str(use.noun), use.name) for use in uses_of(segment.pk)}
    assert found == {("segment", "Nested"), ("persona", "Paul"), ("retention rule", "Old")}
    with pytest.raises(Refusal, match="segment “Nested”"):
        delete_segment(segment)


def test_an_unused_one_can_be_deleted(world: World) -> None:
    segment = a_segment(a_lead())

    delete_segment(segment)

    assert not Segment.objects.exists()
    assert not Membership.objects.exists()


def test_whatever_stands_in_a_tree_its_segments_are_found() -> None:
    pk = "01900000-0000-7000-8000-000000000001"
    trees = [{"field": "segments", "is_in": [pk, "nonsense", 7]}, {"any": 3}, None, "text"]
    assert [str(each) for each in segments_named(trees)] == [pk]
