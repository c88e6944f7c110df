"""What can change whether a condition holds."""

from dataclasses import dataclass

from leads.conditions.condition import Condition
from leads.conditions.tree import ActivityTest, FieldTest
from leads.conditions.vocabulary import RELATIVE


@dataclass(frozen=True)
class Facts:
    """Kinds of activity and names of fields a condition asks about.

    `is_timed`: days passing alone can change its answer.
    """

    activities: frozenset[str]
    fields: frozenset[str]
    is_timed: bool


def kinds_of_fact(condition: Condition) -> Facts:
    """Which facts to watch, in order to know when to ask again."""
    tests = list(condition.leaves())
    about_fields = [test for test in tests if isinstance(test, FieldTest)]
    about_activities = [test for test in tests if isinstance(test, ActivityTest)]
    return Facts(
        frozenset(test.kind for test in about_activities),
        frozenset(test.field.name for test in about_fields),
        any(test.test.operator in RELATIVE for test in about_fields)
        or any(test.within_days is not None for test in about_activities),
    )
