"""What is said of one person known as two leads: which value of each is kept.

People choose among profile values; the rest follows rules: the furthest stage with its date, the
earliest touch, every opt-out. Rows are as PostgreSQL tells them (`to_jsonb`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leads.actions.standing import RANK

Row = Mapping[str, Any]
Choices = Mapping[str, str]
"""Field → whose value is kept: KEPT or GONE."""

KEPT, GONE = "kept", "gone"
CUSTOM = "attributes."

CHOSEN = {
    "name": "name",
    "email": "email",
    "phone": "phone",
    "job_title": "job_title",
    "country": "country",
    "city": "city",
    "company": "company_id",
    "owner": "owner_id",
}
"""Field as people know it → column."""

OF_COMPANIES = {
    name: name
    for name in ("name", "domain", "website", "phone", "industry", "country", "city", "employees")
} | {"owner": "owner_id"}
"""The same of a company."""

STAGE = ("stage", "stage_entered_at")
CYCLE = ("cycle", "cycle_began_at")
TOUCH = ("source", "medium", "campaign_id")
LEFT_ALONE = frozenset({"id", "score", "lead_class", "grade", "changed_at"})
"""Columns a merge does not decide on: scoring works out its own."""


class CannotChooseValue(Refusal):
    """A choice names no field, or neither of the two leads."""


def joined(kept: Row, gone: Row, choices: Choices) -> dict[str, Any]:
    """The columns of the one lead. Without a choice a blank is filled and nothing replaced."""
    _refuse_unknown(choices, fields_of(kept, gone))
    values = {
        column: _chosen(kept[column], gone[column], choices.get(field, ""))
        for field, column in CHOSEN.items()
    }
    return {
        **values,
        "attributes": _attributes(kept["attributes"], gone["attributes"], choices),
        **_standing(kept, gone),
        **_touch(kept, gone),
        "do_not_email": kept["do_not_email"] or gone["do_not_email"],
        "do_not_call": kept["do_not_call"] or gone["do_not_call"],
        "first_seen_at": min(kept["first_seen_at"], gone["first_seen_at"], key=_moment),
        "created_at": min(kept["created_at"], gone["created_at"], key=_moment),
        "last_activity_at": _latest(kept["last_activity_at"], gone["last_activity_at"]),
    }


def fields_of(kept: Row, gone: Row, chosen: Mapping[str, str] = CHOSEN) -> list[str]:
    """All fields one may choose for, custom ones last."""
    custom = {**kept["attributes"], **gone["attributes"]}
    return [*chosen, *(f"{CUSTOM}{key}" for key in sorted(custom))]


def value_in(row: Row, field: str, chosen: Mapping[str, str] = CHOSEN) -> Any:
    """What `row` says about `field`; None when it does not."""
    if field.startswith(CUSTOM):
        return row["attributes"].get(field.removeprefix(CUSTOM))
    return row[chosen[field]]


def joined_companies(kept: Row, gone: Row, choices: Choices) -> dict[str, Any]:
    """The columns of the one company.

    The furthest stage with its date; what the rule then makes of all their people is not ours.
    """
    _refuse_unknown(choices, fields_of(kept, gone, OF_COMPANIES))
    values = {
        column: _chosen(kept[column], gone[column], choices.get(field, ""))
        for field, column in OF_COMPANIES.items()
    }
    since = [each for each in (kept["customer_since"], gone["customer_since"]) if each]
    return {
        **values,
        "attributes": _attributes(kept["attributes"], gone["attributes"], choices),
        **{name: max(kept, gone, key=_rank)[name] for name in STAGE},
        "customer_since": min(since, key=_moment, default=None),
        "created_at": min(kept["created_at"], gone["created_at"], key=_moment),
    }


def differences(before: Row, after: Row) -> dict[str, list[Any]]:
    """Field → what it was and what it became; custom fields one by one."""
    flat, changed = _flat(before), _flat(after)
    return {
        name: [flat.get(name), changed.get(name)]
        for name in sorted({*flat, *changed} - LEFT_ALONE)
        if flat.get(name) != changed.get(name)
    }


def reversed_in(now: Row, changes: Mapping[str, list[Any]]) -> tuple[dict[str, Any], list[str]]:
    """Columns of `now` with the changes taken back, and the fields that changed since.

    Stage and its date are one fact: they go back together, or not at all; so are the cycle and
    its beginning.
    """
    flat = _flat(now)
    moved_on = [name for name, (_was, became) in changes.items() if flat.get(name) != became]
    for pair in (STAGE, CYCLE):
        if any(name in pair for name in moved_on):
            moved_on = [*(name for name in moved_on if name not in pair), *pair]
    patch: dict[str, Any] = {}
    attributes = dict(now["attributes"])
    for name in changes.keys() - set(moved_on):
        was = changes[name][0]
        if not name.startswith(CUSTOM):
            patch[name] = was
        elif was is None:
            attributes.pop(name.removeprefix(CUSTOM), None)
        else:
            attributes[name.removeprefix(CUSTOM)] = was
    return {**patch, "attributes": attributes}, [name for name in changes if name in moved_on]


def is_blank(value: Any) -> bool:
    """Empty text and null both mean unknown; no and zero are answers."""
    return value is None or value == ""


def _rank(row: Row) -> int:
    return RANK.index(row["stage"])


def _refuse_unknown(choices: Choices, known: Iterable[str]) -> None:
    for field, choice in choices.items():
        if field not in known:
            sentence = _("There is no field “%(field)s” to choose for; there are: %(known)s.")
            told = {"field": field[:80], "known": ", ".join(known)}
            raise CannotChooseValue(sentence % told, field="choices")
        if choice not in (KEPT, GONE):
            sentence = _("“%(choice)s” is no choice for %(field)s; choose “kept” or “gone”.")
            told = {"choice": str(choice)[:80], "field": field}
            raise CannotChooseValue(sentence % told, field="choices")


def _chosen(kept: Any, gone: Any, choice: str) -> Any:
    if choice:
        return gone if choice == GONE else kept
    return gone if is_blank(kept) else kept


def _attributes(kept: Row, gone: Row, choices: Choices) -> dict[str, Any]:
    values = {
        key: _chosen(kept.get(key), gone.get(key), choices.get(f"{CUSTOM}{key}", ""))
        for key in {**kept, **gone}
    }
    return {key: value for key, value in values.items() if not is_blank(value)}


def _standing(kept: Row, gone: Row) -> dict[str, Any]:
    furthest = max(kept, gone, key=_rank)
    highest = max(kept["highest_stage"], gone["highest_stage"], key=RANK.index)
    latest = max(kept, gone, key=lambda row: row["cycle"])
    return {
        **{name: furthest[name] for name in STAGE},
        "highest_stage": highest,
        **{name: latest[name] for name in CYCLE},
    }


def _touch(kept: Row, gone: Row) -> dict[str, Any]:
    """The first touch is one fact: the earlier one of those there are."""
    touched = [row for row in (kept, gone) if any(row[name] for name in TOUCH)]
    first = min(touched or [kept], key=lambda row: _moment(row["first_seen_at"]))
    return {name: first[name] for name in TOUCH}


def _latest(*moments: str | None) -> str | None:
    return max((each for each in moments if each), key=_moment, default=None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _flat(row: Row) -> dict[str, Any]:
    custom = {f"{CUSTOM}{key}": value for key, value in row["attributes"].items()}
    return {name: value for name, value in row.items() if name != "attributes"} | custom
