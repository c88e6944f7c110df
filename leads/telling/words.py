"""Pieces that sentences about facts are made of."""

from collections.abc import Callable, Mapping
from typing import Any

Said = Mapping[str, Any]
"""What came with a fact."""


def joined(*parts: str) -> str:
    """What there is of these, side by side."""
    return " · ".join(part for part in parts if part)


def text(said: Said, name: str, default: str = "") -> str:
    """What was said of this, or `default`."""
    value = said.get(name)
    return default if value in (None, "") else str(value)


def quoted(said: Said, name: str, known: str, unknown: str) -> str:
    """`known` with the value in it, or `unknown` when there is none."""
    found = text(said, name)
    return known % {"value": found} if found else unknown


def words(text: Any) -> Callable[[Said], str]:
    """The same words for every fact."""
    return lambda said: str(text)


def value(name: str) -> Callable[[Said], str]:
    """What was said of this, as it stands."""
    return lambda said: text(said, name)
