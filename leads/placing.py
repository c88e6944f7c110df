"""How a company's stage follows from its people; the rule is the funnel's, published by versions.

The composition root binds it; this app only knows that there is a number.
"""

from collections.abc import Callable

Rule = Callable[[], int]


def _furthest_person() -> int:
    return 1


_rule: Rule = _furthest_person


def bind(rule: Rule) -> None:
    """Make this the rule in force (the composition root does, at start-up)."""
    global _rule
    _rule = rule


def least_people() -> int:
    """How many live people must have come to a stage for the company to stand there."""
    return _rule()
