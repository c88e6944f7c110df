"""What can change whether a condition holds: the facts to watch."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from leadmgmt.kernel.events import Event
from leads import events, lending
from leads.conditions.condition import Condition
from leads.conditions.fields import STANDING
from leads.conditions.operators import RELATIVE, ValueKind
from leads.conditions.tree import ActivityTest, FieldTest


class Aspect(StrEnum):
    """Sides of a lead that change by themselves."""

    LEAD = "lead"
    PROFILE = "profile"
    COMPANY = "company"
    STANDING = "standing"
    ACTIVITY = "activity"
    TAGS = "tags"
    SEGMENTS = "segments"
    CONSENT = "consent"
    TIME = "time"


@dataclass(frozen=True)
class Change:
    """Something about some leads is different: a side of them, and which part of it.

    `names`: fields as conditions name them, kinds of activity, or ids of segments; empty when any
    of them may have changed.
    """

    aspect: Aspect
    names: frozenset[str] = frozenset()


NEW_LEADS = Change(Aspect.LEAD)
"""Touches every condition."""
A_NEW_DAY = Change(Aspect.TIME)
"""Touches what is about the passing of time, for everybody."""

ANYTHING = "*"
BY_ACTIVITY = "last_activity_at"
OF_STANDING = frozenset(each.name for each in STANDING) - {BY_ACTIVITY}

Watched = Mapping[Aspect, frozenset[str]]


@dataclass(frozen=True)
class Facts:
    """Kinds of activity, names of fields and segments a condition asks about.

    `is_timed`: days passing alone can change its answer.
    """

    activities: frozenset[str]
    fields: frozenset[str]
    is_timed: bool
    segments: frozenset[UUID] = field(default_factory=frozenset)

    def touched_by(self, *changes: Change) -> bool:
        """Any of these can change the answer for the leads they are about."""
        watched = self.watched()
        return any(_is_touched(watched, change) for change in changes)

    def watched(self) -> Watched:
        """The same by the side of a lead it is about."""
        found: dict[Aspect, set[str]] = defaultdict(set)
        for name in self.fields:
            for aspect, watched in _watched(name):
                found[aspect].add(watched)
        found[Aspect.ACTIVITY] |= self.activities
        found[Aspect.SEGMENTS] |= {str(each) for each in self.segments}
        if self.is_timed:
            found[Aspect.TIME].add(ANYTHING)
        return {aspect: frozenset(names) for aspect, names in found.items() if names}

    def as_json(self) -> dict[str, Any]:
        """To be kept beside a stored condition."""
        return {
            "activities": sorted(self.activities),
            "fields": sorted(self.fields),
            "is_timed": self.is_timed,
            "segments": sorted(map(str, self.segments)),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """As it was when it was kept."""
        return cls(
            frozenset(kept["activities"]),
            frozenset(kept["fields"]),
            bool(kept["is_timed"]),
            frozenset(map(UUID, kept["segments"])),
        )


def kinds_of_fact(condition: Condition) -> Facts:
    """Which facts to watch, in order to know when to ask again."""
    tests = list(condition.leaves())
    about_fields = [test for test in tests if isinstance(test, FieldTest)]
    about_activities = [test for test in tests if isinstance(test, ActivityTest)]
    return Facts(
        frozenset(test.kind for test in about_activities),
        frozenset(test.field.name for test in about_fields),
        any(map(_is_timed, tests)),
        segments_in(condition),
    )


def segments_in(condition: Condition) -> frozenset[UUID]:
    """The segments it asks about; who keeps segments sees to it that none asks about itself."""
    return frozenset(
        value
        for test in condition.leaves()
        if isinstance(test, FieldTest) and test.field.kind is ValueKind.SEGMENTS
        for value in (test.test.value if isinstance(test.test.value, tuple) else ())
        if isinstance(value, UUID)
    )


def changes_of(event: Event) -> tuple[Change, ...]:
    """What an event of the lead database says may be different now; () when it is about others."""
    if isinstance(event, events.LeadsCreated):
        return (NEW_LEADS,)
    aspects: Mapping[type[Event], Aspect] = {
        events.StandingsChanged: Aspect.STANDING,
        events.LeadsChanged: Aspect.PROFILE,
        events.CompaniesChanged: Aspect.COMPANY,
        events.ActivitiesRecorded: Aspect.ACTIVITY,
        events.TagsChanged: Aspect.TAGS,
        events.ConsentsChanged: Aspect.CONSENT,
    }
    aspect = aspects.get(type(event))
    names = frozenset(getattr(event, "fields", "").split(",")) - {""}
    return (Change(aspect, names),) if aspect else ()


def memberships_changed(segment_ids: Iterable[UUID]) -> Change:
    """Leads have entered or left these segments."""
    return Change(Aspect.SEGMENTS, frozenset(map(str, segment_ids)))


def _is_timed(test: FieldTest | ActivityTest) -> bool:
    if isinstance(test, ActivityTest):
        return test.within_days is not None or test.more_than_days_ago is not None
    if test.field.name == "days_in_stage":
        return test.test.operator != "is_known"
    return test.test.operator in RELATIVE


def _is_touched(watched: Watched, change: Change) -> bool:
    if change.aspect is Aspect.LEAD:
        return True
    names = watched.get(change.aspect)
    if not names:
        return False
    return not change.names or ANYTHING in names or bool(names & change.names)


def _watched(name: str) -> list[tuple[Aspect, str]]:
    """Where a field changes: a company's field also when the lead goes to another company."""
    if name.startswith("company."):
        return [(Aspect.COMPANY, name), (Aspect.PROFILE, "company")]
    if name.startswith("consent."):
        return [(Aspect.CONSENT, name)]
    if name == BY_ACTIVITY:
        return [(Aspect.ACTIVITY, ANYTHING)]
    if name == "days_in_stage":
        return [(Aspect.STANDING, "stage_entered_at")]
    if name in OF_STANDING or lending.is_lent(name):
        return [(Aspect.STANDING, name)]
    if name == "tags":
        return [(Aspect.TAGS, name)]
    if name == "segments":
        return []
    return [(Aspect.PROFILE, "email" if name.startswith("email") else name)]
