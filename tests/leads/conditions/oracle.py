"""A naive reading of the condition language: slow, obvious, and independent of the SQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

PLAIN: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: value == wanted,
    "is_not": lambda value, wanted: value != wanted,
    "is_one_of": lambda value, wanted: value in wanted,
    "is_none_of": lambda value, wanted: value not in wanted,
    "contains": lambda value, wanted: wanted in value,
    "does_not_contain": lambda value, wanted: wanted not in value,
    "starts_with": lambda value, wanted: value.startswith(wanted),
    "is_at_least": lambda value, wanted: value >= wanted,
    "is_at_most": lambda value, wanted: value <= wanted,
    "is_more_than": lambda value, wanted: value > wanted,
    "is_less_than": lambda value, wanted: value < wanted,
    "has": lambda value, wanted: bool(set(value) & set(wanted)),
    "has_none_of": lambda value, wanted: not set(value) & set(wanted),
    "has_all_of": lambda value, wanted: set(wanted) <= set(value),
    "is_in": lambda value, wanted: bool(set(value) & set(wanted)),
    "is_not_in": lambda value, wanted: not set(value) & set(wanted),
}
RELATIVE = ("within_days", "more_than_days_ago", "within_next_days")
Happened = tuple[str, datetime, dict[str, Any], bool, dict[str, Any]]


@dataclass
class Person:
    """What the oracle knows of a lead: plain values, None for unknown, sets as tuples.

    An activity: kind, moment, properties, whether a machine did it, where it came from.
    """

    facts: dict[str, Any]
    activities: list[Happened] = field(default_factory=list)


def holds(tree: dict[str, Any], person: Person, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the condition holds for this person."""
    if "field" in tree:
        operator, wanted = next((k, v) for k, v in tree.items() if k != "field")
        return passes(operator, wanted, person.facts.get(tree["field"]), now, zone)
    if "activity" in tree:
        return happened(tree, person, now, zone)
    word, parts = next(iter(tree.items()))
    verdicts = [holds(part, person, now, zone) for part in parts]
    return {"all": all(verdicts), "any": any(verdicts), "none": not any(verdicts)}[word]


def happened(tree: dict[str, Any], person: Person, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether it happened as often as asked."""
    count = 0
    for kind, at, properties, is_machine, origin in person.activities:
        ago = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
        is_in_time = ago >= 0 and tree.get("more_than_days_ago", -1) < ago
        is_in_time = is_in_time and ago <= tree.get("within_days", ago)
        if kind == tree["activity"] and is_in_time and not is_machine:
            count += is_as_asked(tree.get("where", ()), properties, origin, now, zone)
    if "never" in tree:
        return count == 0
    if "exactly" in tree:
        return bool(count == tree["exactly"])
    least = tree.get("at_least", 0 if "at_most" in tree else 1)
    return bool(least <= count <= tree.get("at_most", count))


def is_as_asked(
    tests: Sequence[dict[str, Any]],
    properties: dict[str, Any],
    origin: dict[str, Any],
    now: datetime,
    zone: ZoneInfo,
) -> bool:
    """All properties are as asked; one is taken for what it is compared with."""
    for test in tests:
        if "field" in test:
            operator, wanted = next((k, v) for k, v in test.items() if k != "field")
            if not passes(operator, wanted, origin.get(test["field"]), now, zone):
                return False
            continue
        operator, wanted = next((k, v) for k, v in test.items() if k != "property")
        value = properties.get(test["property"])
        if isinstance(wanted, bool) and operator != "is_known":
            value = value if isinstance(value, bool) else None
        elif isinstance(wanted, int | float) and operator != "is_known":
            value = value if isinstance(value, int | float) and type(value) is not bool else None
        elif value is not None:
            value = str(value).lower() if isinstance(value, bool) else str(value)
        if not passes(operator, wanted, value, now, zone):
            return False
    return True


def passes(operator: str, wanted: Any, value: Any, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether one value passes one test. The unknown passes only `is_known: false`."""
    if value == "":
        value = None
    if operator == "is_known":
        return (value is not None) is wanted
    if value is None:
        return False
    if operator in RELATIVE or operator in ("is_on", "is_before", "is_after"):
        return is_in_time(operator, wanted, value, now, zone)
    if isinstance(value, str):
        value, wanted = value.lower(), lowered(wanted)
    return bool(PLAIN[operator](value, wanted))


def lowered(wanted: Any) -> Any:
    """A text, or a list of them, without regard to case."""
    return [each.lower() for each in wanted] if isinstance(wanted, list) else wanted.lower()


def is_in_time(operator: str, wanted: Any, value: Any, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the day of `value` is one of the days meant."""
    day = value.astimezone(zone).date() if isinstance(value, datetime) else value
    today = now.astimezone(zone).date()
    if operator in RELATIVE:
        days = timedelta(days=wanted)
        return bool(
            {
                "within_days": lambda: today - days <= day <= today,
                "more_than_days_ago": lambda: day < today - days,
                "within_next_days": lambda: today <= day <= today + days,
            }[operator]()
        )
    meant = date.fromisoformat(wanted)
    return bool(
        {"is_on": day == meant, "is_before": day < meant, "is_after": day > meant}[operator]
    )
