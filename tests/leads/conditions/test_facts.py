"""A condition knows which facts can change its answer, so that others need not ask it again."""

from typing import Any
from uuid import uuid4

import pytest

from leadmgmt.kernel.events import Event
from leads.conditions import (
    A_NEW_DAY,
    NEW_LEADS,
    Aspect,
    Change,
    changes_of,
    kinds_of_fact,
    memberships_changed,
    parse,
)
from leads.events import (
    ActivitiesRecorded,
    CompaniesChanged,
    ConsentsChanged,
    LeadsChanged,
    LeadsCreated,
    StandingsChanged,
    TagsChanged,
)
from leads.models import Purpose, Segment, Tag
from tests.worlds import World

IDS = (uuid4(),)
VISITED = {"activity": "visit"}
RECENTLY = {"activity": "visit", "within_days": 7}
LONG_AGO = {"activity": "visit", "more_than_days_ago": 7}
CITY = {"field": "city", "is": "Pune"}
SCORE = {"field": "score", "is_at_least": 50}
WAITING = {"field": "days_in_stage", "is_at_least": 3}
SILENT = {"field": "last_activity_at", "more_than_days_ago": 30}
STEEL = {"field": "company.industry", "is": "Steel"}
AGREED = {"field": "consent.calls", "is": "given"}


@pytest.mark.parametrize(
    ("tree", "event", "is_touched"),
    [
        (CITY, LeadsCreated(IDS), True),
        (CITY, LeadsChanged(IDS), True),
        (CITY, ActivitiesRecorded(IDS), False),
        (CITY, StandingsChanged(IDS), False),
        (VISITED, ActivitiesRecorded(IDS), True),
        (VISITED, LeadsChanged(IDS), False),
        (SILENT, ActivitiesRecorded(IDS), True),
        (SCORE, StandingsChanged(IDS, fields="score,lead_class"), True),
        (SCORE, StandingsChanged(IDS, fields="owner"), False),
        (SCORE, StandingsChanged(IDS), True),
        (SCORE, LeadsChanged(IDS), False),
        (WAITING, StandingsChanged(IDS, fields="stage,highest_stage,stage_entered_at"), True),
        (STEEL, CompaniesChanged(IDS), True),
        (STEEL, LeadsChanged(IDS), True),
        (STEEL, TagsChanged(IDS), False),
        (AGREED, ConsentsChanged(IDS), True),
        (AGREED, LeadsChanged(IDS), False),
        ({"any": [CITY, {"none": [VISITED]}]}, ActivitiesRecorded(IDS), True),
        (CITY, Event(IDS), False),
    ],
)
def test_an_event_touches_it(
    tree: dict[str, Any], event: Event, is_touched: bool, world: World
) -> None:
    Purpose.objects.create(key="calls", name="Calls")

    assert kinds_of_fact(parse(tree)).touched_by(*changes_of(event)) is is_touched


def test_tags_and_segments_touch_it(world: World) -> None:
    tag = Tag.objects.create(name="VIP", key="vip")
    warm, cold = (Segment.objects.create(name=name) for name in ("Warm", "Cold"))
    tagged = kinds_of_fact(parse({"field": "tags", "has": [str(tag.pk)]}))
    inside = kinds_of_fact(parse({"field": "segments", "is_not_in": [str(warm.pk)]}))

    at_firm = kinds_of_fact(parse({"field": "company.tags", "has": [str(tag.pk)]}))
    tagged_firms = changes_of(CompaniesChanged(IDS, fields="company.tags"))

    assert tagged.touched_by(*changes_of(TagsChanged(IDS)))
    assert not tagged.touched_by(*tagged_firms)
    assert at_firm.touched_by(*tagged_firms)
    assert at_firm.touched_by(*changes_of(CompaniesChanged(IDS)))
    assert not at_firm.touched_by(*changes_of(CompaniesChanged(IDS, fields="company.city")))
    assert not at_firm.touched_by(*changes_of(TagsChanged(IDS)))
    assert not inside.touched_by(*changes_of(TagsChanged(IDS)))
    assert inside.segments == {warm.pk}
    assert inside.touched_by(memberships_changed([cold.pk, warm.pk]))
    assert not inside.touched_by(memberships_changed([cold.pk]))
    assert inside.touched_by(NEW_LEADS)


@pytest.mark.parametrize(
    ("tree", "is_timed"),
    [
        (VISITED, False),
        (RECENTLY, True),
        (LONG_AGO, True),
        (CITY, False),
        (WAITING, True),
        (SILENT, True),
        ({"field": "last_activity_at", "is_after": "2026-01-01"}, False),
    ],
)
def test_days_passing_change_only_what_is_about_time(
    tree: dict[str, Any], is_timed: bool, world: World
) -> None:
    facts = kinds_of_fact(parse(tree))

    assert facts.is_timed is is_timed
    assert facts.touched_by(A_NEW_DAY) is is_timed


def test_a_change_may_be_narrowed_to_what_changed(world: World) -> None:
    facts = kinds_of_fact(parse({"any": [VISITED, CITY]}))

    assert facts.touched_by(Change(Aspect.ACTIVITY, frozenset({"call", "visit"})))
    assert not facts.touched_by(Change(Aspect.ACTIVITY, frozenset({"call"})))
    assert not facts.touched_by(Change(Aspect.PROFILE, frozenset({"country"})))
