"""What a definition may say, and what it may not."""

from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.actions.definitions import propose_change, start_funnel
from funnel.actions.describing import CannotProposeChange
from funnel.models import Definition
from funnel.queries.definitions import definition_named
from funnel.queries.subcategories import condition_of, subcategory_of
from leadmgmt.workspaces.models import Member, Team
from leads.conditions import matching, parse
from tests.builders import a_lead

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
GREEK = {"field": "country", "is": "Greece"}
KEEN = {"field": "score", "is_at_least": 70}


@pytest.fixture(autouse=True)
def funnel(world: object) -> None:
    start_funnel(now=NOW)


def propose(by: Member, **given: Any) -> Definition:
    told = {"stage": "mql", "explanation": "Fits", "reason": "Clearer"}
    return propose_change(**told | given, by=by)


def test_what_is_not_told_stays_as_it_is(max: Member) -> None:
    draft = propose(max, exit_reasons=["No need", "No budget"])
    assert draft.condition == {"field": "score", "is_at_least": 50}
    assert draft.moves_to == ["lead", "sql", "nurturing", "disqualified"]
    again = propose(max, moves_to=["sql", "mql", "lead"])
    assert again.exit_reasons == ["No need", "No budget"]
    assert again.moves_to == ["lead", "sql"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"explanation": " "}, "Say what the stage means"),
        ({"reason": ""}, "Say why it changes"),
        ({"stage": "lead", "condition": GREEK}, "Lead has no criteria: everybody we know"),
        ({"stage": "customer", "condition": GREEK}, "Customer has no criteria: a won deal"),
        ({"moves_to": ["vip"]}, "“vip” is no stage; known are: lead, mql"),
        ({"exit_reasons": ["No need", "no need"]}, "“no need” stands there twice"),
        ({"exit_reasons": ["x" * 101]}, "has 101 characters; at most 100 fit"),
        ({"exit_reasons": [str(nth) for nth in range(21)]}, "20 exit reasons at most, not 21"),
        ({"subcategories": [{"name": " "}]}, "Give it a name"),
        (
            {"subcategories": [{"name": "All"}, {"name": "Greek", "condition": GREEK}]},
            "“All” has no condition and takes everybody",
        ),
        ({"subcategories": [{"name": "Odd", "condition": {"field": "x"}}]}, "In “Odd”: "),
    ],
)
def test_what_makes_no_sense_is_refused(max: Member, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotProposeChange, match=sentence):
        propose(max, **given)
    assert not Definition.objects.draft().exists()


def test_a_lead_is_in_the_first_subcategory_that_holds(max: Member) -> None:
    told = [
        {"name": "Greek", "condition": GREEK},
        {"name": "Keen", "condition": KEEN},
        {"name": "Others"},
    ]
    definition = propose(max, subcategories=told)
    leads = {
        "Greek": a_lead(stage="mql", country="Greece", score=90),
        "Keen": a_lead(stage="mql", score=90),
        "Others": a_lead(stage="mql"),
    }
    a_lead(stage="lead", country="Greece")
    stored = definition.subcategories
    for nth, (name, lead) in enumerate(leads.items()):
        found = subcategory_of(lead, definition, now=NOW)
        assert found is not None
        assert found["name"] == name
        # the list of them is a condition anybody may ask
        listed = condition_of("mql", stored[nth], stored[:nth])
        assert [each.pk for each in matching(parse(listed), NOW)] == [lead.pk]


def test_without_subcategories_nobody_is_in_one() -> None:
    assert subcategory_of(a_lead(stage="mql"), Definition(stage="mql"), now=NOW) is None


def test_the_difference_is_told_in_words(max: Member) -> None:
    propose(
        max,
        condition={"field": "score", "is_at_least": 70},
        exit_reasons=["No need"],
        subcategories=[{"name": "Greek", "condition": GREEK}],
    )
    found = definition_named("mql")
    assert found is not None
    changes = {each.what: (each.before, each.after) for each in found.changes}
    assert set(changes) == {"Explanation", "Entry criteria", "Sub-category “Greek”", "Exit reasons"}
    assert "at least 50" in changes["Entry criteria"][0]
    assert "at least 70" in changes["Entry criteria"][1]
    assert changes["Sub-category “Greek”"] == ("", "country is “Greece”")


def test_a_team_answers_for_the_stage(max: Member) -> None:
    team = Team.objects.create(name="Inside sales", name_key="inside sales")
    assert propose(max, owner_team=team).owner_team == team
    assert propose(max).owner_team == team
    team.retired_at = NOW
    with pytest.raises(CannotProposeChange, match="Inside sales has been dissolved"):
        propose(max, owner_team=team)
