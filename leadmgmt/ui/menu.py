"""The side menu: of a table of sections and entries, what exists and what the role may open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch

ALL = frozenset({"admin", "marketer", "manager", "rep", "analyst"})


@dataclass(frozen=True)
class Entry:
    """A page: its name (translated late), icon, URL name, and the roles that see it."""

    label: object
    icon: str
    url_name: str
    roles: frozenset[str] = ALL


@dataclass(frozen=True)
class Section:
    """A headline of the menu ("" for none) and its entries."""

    label: object
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Link:
    """An entry that exists, with its address."""

    label: str
    icon: str
    url: str
    is_current: bool


Reverse = Callable[[str], str]


def links_of(
    sections: Iterable[Section], role: str, path: str, reverse: Reverse
) -> list[tuple[str, list[Link]]]:
    """Sections with the links `role` may open.

    The longest address that begins `path` is the current one.
    """
    found = [(section, _reachable(section, role, reverse)) for section in sections]
    current = _current([url for _section, pairs in found for _entry, url in pairs], path)
    return [
        (str(section.label), [Link(str(e.label), e.icon, url, url == current) for e, url in pairs])
        for section, pairs in found
        if pairs
    ]


def _reachable(section: Section, role: str, reverse: Reverse) -> list[tuple[Entry, str]]:
    return [
        (e, url)
        for e in section.entries
        if (e.roles is ALL or role in e.roles) and (url := _address(e, reverse))
    ]


def _address(entry: Entry, reverse: Reverse) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _current(urls: Iterable[str], path: str) -> str:
    return max((url for url in urls if path.startswith(url)), key=len, default="")
