"""Which leads are cases, when one decides about them, and what became of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Workspace
from leads.kinds import Kind
from leads.models import Lead, ProfileChange
from scoring.cases import CannotStudy, Study, check_study, find_cases
from tests.builders import a_custom_field, a_lead, an_activity

A_DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + 300 * A_DAY
STUDY = Study(START, START + 100 * A_DAY, "sql", wait_days=14, within_days=30)


def one(day: int, *stages: tuple[int, str], **given: Any) -> Lead:
    """A lead made on a day of the year, that entered stages so many days after that."""
    lead = a_lead(created_at=START + day * A_DAY, **given)
    for after, stage in stages:
        at = lead.created_at + after * A_DAY
        an_activity(
            lead, kind=Kind.STAGE_ENTERED, occurred_at=at, received_at=at, properties={"to": stage}
        )
    return lead


def test_the_outcome_counts_when_it_comes_in_its_period(acme: Workspace) -> None:
    won = one(1, (3, "mql"), (20, "sql"))
    straight = one(2, (44, "customer"))
    late = one(3, (45, "sql"))
    lost = one(4)
    found = find_cases(STUDY, now=NOW)
    assert found.ids == [each.pk for each in (won, straight, late, lost)]
    assert found.is_won == [True, True, False, False]
    assert found.moments[0] == won.created_at + 14 * A_DAY
    assert found.won == 2


def test_who_was_decided_before_the_moment_or_is_not_yet_is_no_case(acme: Workspace) -> None:
    one(1, (13, "sql"))
    one(2, (14, "sql"))
    one(99, (20, "sql"))
    kept = one(5)
    found = find_cases(STUDY, now=START + 130 * A_DAY)
    assert (found.ids, found.early, found.open) == ([kept.pk], 2, 1)


def test_leads_outside_the_window_or_the_workspace_are_not_asked(
    acme: Workspace, globex: Workspace
) -> None:
    one(100)
    one(-1)
    with inside(globex.pk):
        one(1)
    assert len(find_cases(STUDY, now=NOW)) == 0


def test_an_outcome_may_stand_in_a_field(acme: Workspace) -> None:
    a_custom_field("converted", "yes_no")
    by_field = check_study(
        replace(STUDY, outcome="field", field="attributes.converted", value="Yes")
    )
    came = one(1, attributes={"converted": True})
    lost = one(2, attributes={"converted": False})
    unsaid = one(3)
    early, later, too_late = (one(day, attributes={"converted": True}) for day in (4, 5, 6))
    for lead, days in ((early, 3), (later, 20), (too_late, 60)):
        ProfileChange.objects.create(
            lead=lead,
            field="attributes.converted",
            old=None,
            new=True,
            via="person",
            changed_at=lead.created_at + days * A_DAY,
        )
    found = find_cases(by_field, now=NOW)
    assert found.ids == [each.pk for each in (came, lost, unsaid, later, too_late)]
    assert found.is_won == [True, False, False, True, False]
    assert found.early == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"created_to": START}, "must begin before it ends"),
        ({"wait_days": 2_000}, "2000 days are not possible; choose between 0 and 1000"),
        ({"outcome": "mql"}, "“mql” is none of the outcomes sql, customer, field"),
        ({"without": frozenset({"shoes"})}, "no field “shoes”"),
        ({"outcome": "field", "field": "owner"}, "“owner” is no text, choice, number"),
        ({"outcome": "field", "field": "country"}, "Say which value of “country”"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(
    acme: Workspace, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(CannotStudy, match=words):
        check_study(replace(STUDY, **change))
