"""Segments the health rules keep never stand in the way of names people chose, nor the reverse."""

from typing import Any

import pytest
from django.utils import timezone

from funnel.models import HealthRule, Whose
from leadmgmt.workspaces.models import VersionState
from leads.actions.segments import CannotSaveSegment, create_segment
from leads.models import Segment
from tests.builders import a_segment, health_rules

GREEK: dict[str, Any] = {"field": "country", "is": "Greece"}
LONG = "x" * 120


def _rule_called() -> str:
    rule = HealthRule.objects.get(plan__state=VersionState.PUBLISHED)
    return Segment.objects.get(pk=rule.segment_id).name


def _publish() -> None:
    health_rules(("Greek", Whose.ANY, GREEK, "watch"))


def test_health_is_published_beside_a_segment_of_the_same_name(acme: object) -> None:
    own = a_segment(name="Health: Greek")
    _publish()
    assert _rule_called() == "Health: Greek (2)"
    own.refresh_from_db()
    assert (own.name, own.keeper) == ("Health: Greek", "")


def test_the_number_goes_when_the_name_is_free_again(acme: object) -> None:
    a_segment(name="Health: Greek (2)", retired_at=timezone.now())
    own = a_segment(name="Health: Greek")
    _publish()
    assert _rule_called() == "Health: Greek (3)"
    _publish()
    assert _rule_called() == "Health: Greek (3)"
    Segment.objects.filter(pk=own.pk).update(name="Other")
    _publish()
    assert _rule_called() == "Health: Greek"


def test_people_hear_of_a_name_that_is_taken(acme: object) -> None:
    _publish()
    with pytest.raises(CannotSaveSegment, match="Health: Greek"):
        create_segment(name="Health: Greek", condition=GREEK, by=None, now=timezone.now())


def test_a_name_that_is_taken_and_as_long_as_can_be_is_cut(acme: object) -> None:
    told: dict[str, Any] = {
        "condition": GREEK,
        "by": None,
        "now": timezone.now(),
        "keeper": "health",
    }
    names = [create_segment(name=LONG, **told).name for _ in range(3)]
    assert names == [LONG, "x" * 115 + " (2)", "x" * 115 + " (3)"]
