"""A rule is refused with a sentence when the model could not work it out."""

from typing import Any

import pytest

from leadmgmt.kernel.refusals import Refusal
from scoring.actions.rules import save_rule
from scoring.actions.words import RuleWords
from tests.scoring.builders import INDIA, PRICING, a_draft
from tests.worlds import World

PROFILE: dict[str, Any] = {"name": "Rule", "kind": "profile", "condition": INDIA, "points": 5}
BEHAVIOUR: dict[str, Any] = PROFILE | {"kind": "behaviour", "condition": PRICING, "per": "day"}


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        (PROFILE | {"name": " "}, "name", "a name"),
        (PROFILE | {"points": 0}, "points", "but not 0"),
        (PROFILE | {"points": 1_001}, "points", "-1000 to 1000"),
        (PROFILE | {"condition": {"all": []}}, "condition", "add a condition"),
        (PROFILE | {"condition": PRICING}, "condition", "make a behaviour rule"),
        (PROFILE | {"condition": {"field": "score", "is": 3}}, "condition", "“score”"),
        (PROFILE | {"condition": {"field": "contry", "is": 3}}, "field", "“country”"),
        (PROFILE | {"cap": 3}, "per", "once, without window"),
        (BEHAVIOUR | {"condition": INDIA}, "condition", "one kind of activity"),
        (BEHAVIOUR | {"condition": PRICING | {"within_days": 3}}, "condition", "days are set"),
        (BEHAVIOUR | {"condition": PRICING | {"at_least": 3}}, "per", "given once"),
        (BEHAVIOUR | {"per": "hour"}, "per", "once, occurrence, day"),
        (BEHAVIOUR | {"window_days": -1}, "window_days", "0 to 3650"),
        (BEHAVIOUR | {"cap": 0}, "cap", "1 to 100000"),
    ],
)
def test_it_is_refused(given: dict[str, Any], field: str, words: str, world: World) -> None:
    draft = a_draft()

    with pytest.raises(Refusal) as refusal:
        save_rule(draft, RuleWords(**given))

    assert refusal.value.field == field
    assert words in refusal.value.sentence
    assert not draft.rules.exists()


def test_it_is_saved_at_the_end(world: World) -> None:
    draft = a_draft()

    first = save_rule(draft, RuleWords(**PROFILE))
    second = save_rule(draft, RuleWords(**BEHAVIOUR))
    save_rule(draft, RuleWords(**PROFILE | {"points": 7}), rule_id=first.pk)

    assert list(draft.rules.order_by("position").values_list("id", "points")) == [
        (first.pk, 7),
        (second.pk, 5),
    ]
