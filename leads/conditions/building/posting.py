"""Reading a draft from what was posted, and doing what its buttons ask for.

Each part has a path, `r.0.1`, below the root `r`; its inputs are called `<name>-<path>-<what>`.
"""

from django.http import QueryDict

from leadmgmt.kernel.strict import whole_number
from leads.conditions.building.drafts import (
    ACTIVITY,
    PROPERTY,
    Draft,
    Part,
    Span,
    a_group,
    an_activity,
)
from leads.conditions.building.palette import Palette
from leads.conditions.parsing.nodes import DEEPEST

ROOT = "r"
MOST_PARTS = 200
FIRST_FIELD = "job_title"
FIRST_PROPERTY = PROPERTY + "path"


def posted(data: QueryDict, name: str) -> Draft | None:
    """The draft in a form; None when the form has none."""
    paths = data.getlist(f"{name}-part")[:MOST_PARTS]
    made: dict[str, Draft] = {}
    for path in paths:
        above = made.get(path.rpartition(".")[0])
        if path.count(".") > DEEPEST + 1 or (above is None) != (path == ROOT) or path in made:
            continue
        made[path] = _part(data, f"{name}-{path}-")
        if above is not None:
            above.parts.append(made[path])
    return made.get(ROOT)


def _part(data: QueryDict, prefix: str) -> Draft:
    kind = data.get(prefix + "kind", "")
    about = data.get(prefix + "about", "")
    if about in (ACTIVITY, PROPERTY):  # one that is not listed
        about += data.get(prefix + "other", "").strip()
    return Draft(
        Part(kind) if kind in tuple(Part) else Part.TEST,
        about,
        data.get(prefix + "operator", ""),
        tuple(value.strip() for value in data.getlist(prefix + "value")),
        data.get(prefix + "span", Span.EVER),
        tuple(value.strip() for value in data.getlist(prefix + "days")),
        noted_as=data.get(prefix + "noted", ""),
    )


def asked_act(data: QueryDict, name: str) -> str:
    """Which button of the builder was pressed; "" when it was none of them."""
    return data.get(f"{name}-act", "")


def act(draft: Draft, asked: str) -> str:
    """Add or remove a part; the path of what is to have the focus then, or ""."""
    verb, _, path = asked.partition(":")
    found = draft.at(_below_root(path))
    if verb == "drop":
        return _drop(draft, path)
    additions = {
        "add": lambda: Draft(Part.TEST, FIRST_FIELD),
        "group": lambda: a_group("any", Draft(Part.TEST, FIRST_FIELD)),
        "where": lambda: Draft(Part.WHERE, FIRST_PROPERTY, "contains"),
    }
    if found is None or verb not in additions:
        return ""
    found.parts.append(additions[verb]())
    return f"{path}.{len(found.parts) - 1}"


def _drop(draft: Draft, path: str) -> str:
    above_path, _, number = path.rpartition(".")
    above = draft.at(_below_root(above_path))
    place = whole_number(number, most=len(above.parts) - 1) if above and above.parts else None
    if above is None or place is None:
        return ""
    del above.parts[place]
    if not above.parts:
        return above_path
    return f"{above_path}.{min(place, len(above.parts) - 1)}"


def _below_root(path: str) -> str:
    return path.removeprefix(ROOT).removeprefix(".")


def empty(palette: Palette) -> Draft:
    """What a new condition begins with."""
    return an_activity() if palette.is_one_activity else a_group()


def part_at(draft: Draft, place: str) -> Draft:
    """The part a refusal is about; `place` is as in WrongCondition."""
    found = draft
    for step in place.split("."):
        if step.isdigit() and int(step) < len(found.parts):
            found = found.parts[int(step)]
    return found
