"""A live segment is what its condition says, whatever happens, in whatever order it is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt import reactions
from leadmgmt.kernel import events
from leadmgmt.kernel.fencing import workspaces_due
from leadmgmt.workspaces.actions.workspaces import change_workspace
from leads.actions.activities import NewActivity, record_activities
from leads.actions.building import advance_segments, refresh_due
from leads.actions.editing import change_lead
from leads.actions.filling import add_to_segment
from leads.actions.keeping import keep_segments
from leads.actions.merging import merge_leads, undo_merge
from leads.actions.removing import put_back, take_out
from leads.actions.resolving import resolve_leads
from leads.actions.segments import create_segment
from leads.actions.standing import assign_leads, place_leads
from leads.conditions import Aspect, Change
from leads.events import SegmentsEntered, SegmentsLeft
from leads.models import Lead, Membership, RemovedCause, Segment
from leads.rows import NewLead
from tests.builders import a_company, a_lead
from tests.clients import drain
from tests.worlds import ACME, World

VISITED = {"activity": "page_view", "where": [{"property": "path", "is": "/pricing"}]}
RECENTLY = {**VISITED, "within_days": 7}
GREEK = {"field": "country", "is": "Greece"}
EVERYBODY: dict[str, Any] = {"all": []}


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def live(world: World, condition: dict[str, Any], name: str = "Live") -> Segment:
    segment = create_segment(name=name, condition=condition, by=world.mara, now=timezone.now())
    drain()
    return segment


def members(segment: Segment) -> set[Any]:
    found = Membership.objects.filter(segment=segment, left_at=None)
    ids = list(found.values_list("lead_id", flat=True))
    segment.refresh_from_db()
    assert segment.size == len(ids) == len(set(ids))
    return set(ids)


def looks(lead: Lead, at: datetime) -> None:
    facts = [NewActivity("page_view", at, lead_id=lead.pk, properties={"path": "/pricing"})]
    record_activities(facts, now=timezone.now())
    drain()


def sleep_until(moment: datetime) -> None:
    """What the worker does on the first sweep of a day."""
    assert {ACME} == set(workspaces_due("leads_due_segments", moment))
    refresh_due(now=moment)
    while stale := list(Segment.objects.filter(is_stale=True).values_list("pk", flat=True)):
        advance_segments(stale, now=moment)


def test_a_new_segment_finds_whoever_fits(world: World) -> None:
    greek, _other = a_lead(country="Greece"), a_lead(country="India")

    segment = live(world, GREEK)

    assert members(segment) == {greek.pk}
    assert not segment.is_stale


def test_it_is_found_chunk_by_chunk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.actions.building.CHUNK", 2)
    leads = [a_lead(country="Greece") for _ in range(5)]

    segment = live(world, GREEK)

    assert members(segment) == {lead.pk for lead in leads}
    assert (segment.done, segment.total, segment.is_stale) == (5, 5, False)


def test_a_fact_brings_a_lead_in(world: World, now: datetime) -> None:
    lead, _other = a_lead(), a_lead()
    segment = live(world, VISITED)
    assert members(segment) == set()

    looks(lead, now)

    assert members(segment) == {lead.pk}


def test_new_leads_and_changed_ones_are_asked(world: World, now: datetime) -> None:
    segment = live(world, GREEK)
    (made,) = resolve_leads([NewLead(email="ann@example.org", country="Greece")], now=now)
    drain()
    assert members(segment) == {made.lead_id}

    change_lead(Lead.objects.get(pk=made.lead_id), changes={"country": "India"}, now=now)
    drain()

    assert members(segment) == set()
    (time,) = Membership.objects.all()
    assert time.left_at is not None


def test_what_changes_about_a_firm_is_asked_of_its_people(world: World, now: datetime) -> None:
    firm = a_company()
    buyer, user = a_lead(company=firm), a_lead(company=firm)
    segment = live(world, {"field": "company.stage", "is": "sql"})

    place_leads({buyer.pk: "sql"}, now=now)
    drain()

    assert members(segment) == {buyer.pk, user.pk}


def test_standing_is_asked_again(world: World, now: datetime) -> None:
    lead = a_lead()
    segment = live(world, {"field": "owner", "is": str(world.rita.pk)})

    assign_leads([lead.pk], owner=world.rita, by=world.max, now=now)
    drain()

    assert members(segment) == {lead.pk}


def test_what_no_fact_can_touch_costs_nothing(
    world: World, now: datetime, django_assert_max_num_queries: Any
) -> None:
    lead = a_lead()
    live(world, GREEK)

    with django_assert_max_num_queries(4):
        keep_segments([lead.pk], Change(Aspect.ACTIVITY), now=now)


def test_segments_nested_in_it_follow(world: World, now: datetime) -> None:
    lead, other = a_lead(country="Greece"), a_lead(country="Greece")
    inner = live(world, VISITED, "Visitors")
    both = {"all": [GREEK, {"field": "segments", "is_in": [str(inner.pk)]}]}
    middle = live(world, both, "Greek visitors")
    outer = live(world, {"field": "segments", "is_not_in": [str(middle.pk)]}, "The rest")
    assert members(outer) == {lead.pk, other.pk}

    looks(lead, now)

    assert members(middle) == {lead.pk}
    assert members(outer) == {other.pk}


def test_what_is_put_into_a_frozen_one_is_told_to_those_that_ask_about_it(
    world: World, now: datetime
) -> None:
    lead = a_lead()
    frozen = create_segment(name="Fair", kind="frozen", by=world.mara, now=now)
    outer = live(world, {"field": "segments", "is_in": [str(frozen.pk)]})

    add_to_segment([lead.pk], segment=frozen, by=world.mara, now=now)

    assert members(outer) == {lead.pk}


def test_days_pass(world: World, now: datetime) -> None:
    lead = a_lead()
    segment = live(world, RECENTLY)
    looks(lead, now)
    assert members(segment) == {lead.pk}

    sleep_until(now + timedelta(days=7))
    assert members(segment) == {lead.pk}

    sleep_until(now + timedelta(days=8))
    assert members(segment) == set()


def test_a_fact_ahead_of_its_time_counts_when_its_day_has_come(world: World, now: datetime) -> None:
    lead = a_lead()
    segment = live(world, VISITED)
    looks(lead, now + timedelta(hours=23, minutes=59))
    if members(segment):
        pytest.skip("It is just after midnight: a minute less than a day ahead is today.")

    sleep_until(now + timedelta(days=1))

    assert members(segment) == {lead.pk}


def test_nobody_is_asked_twice_a_day(world: World, now: datetime) -> None:
    live(world, RECENTLY)
    sleep_until(now + timedelta(days=1))

    refresh_due(now=now + timedelta(days=1))

    assert not Segment.objects.filter(is_stale=True).exists()


def test_removed_leads_are_in_no_segment(world: World, now: datetime) -> None:
    lead, other = a_lead(), a_lead()
    segment = live(world, EVERYBODY)

    take_out([lead.pk], cause=RemovedCause.PERSON, by=world.ada, now=now)
    drain()
    assert members(segment) == {other.pk}

    put_back([lead.pk], by=world.ada, now=now)
    drain()
    assert members(segment) == {lead.pk, other.pk}


def test_merged_leads_are_asked_anew(world: World, now: datetime) -> None:
    kept, gone = a_lead(), a_lead(country="Greece")
    frozen = create_segment(name="Fair", kind="frozen", lead_ids=[gone.pk], by=world.mara, now=now)
    greek = live(world, GREEK, "Greek")
    nested = live(world, {"field": "segments", "is_in": [str(frozen.pk)]}, "Nested")
    outside = live(world, {"field": "segments", "is_not_in": [str(frozen.pk)]}, "Outside")
    assert members(outside) == {kept.pk}

    merge = merge_leads(kept.pk, gone.pk, choices={}, by=world.mara, now=now)
    drain()
    assert members(frozen) == members(greek) == members(nested) == {kept.pk}
    assert members(outside) == set()

    undo_merge(merge.pk, by=world.mara, now=now)
    drain()
    assert members(frozen) == members(greek) == members(nested) == {gone.pk}
    assert members(outside) == {kept.pk}


def test_another_time_zone_has_other_days(world: World, now: datetime) -> None:
    segment = live(world, RECENTLY)
    Membership.objects.create(segment=segment, lead=a_lead(), entered_at=now)
    Segment.objects.update(size=1)

    change_workspace(world.acme, name="Acme", time_zone="Asia/Tokyo", currency="EUR")
    drain()

    assert members(segment) == set()


def test_who_enters_and_leaves_is_announced_and_builds_are_quiet(
    world: World, now: datetime
) -> None:
    told: list[tuple[str, Any, bool]] = []

    def entered(event: SegmentsEntered) -> None:
        told.append(("in", event.ids, event.is_quiet))

    def left(event: SegmentsLeft) -> None:
        told.append(("out", event.ids, event.is_quiet))

    events.bind({**reactions.TABLE, SegmentsEntered: [events.now(entered)],
                 SegmentsLeft: [events.now(left)]})  # fmt: skip
    try:
        lead = a_lead(country="Greece")
        live(world, GREEK)
        (made,) = resolve_leads([NewLead(email="ann@example.org", country="Greece")], now=now)
        drain()
        change_lead(lead, changes={"country": "India"}, now=now)
        drain()
    finally:
        events.bind(reactions.TABLE)

    assert told == [
        ("in", (lead.pk,), True),
        ("in", (made.lead_id,), False),
        ("out", (lead.pk,), False),
    ]
