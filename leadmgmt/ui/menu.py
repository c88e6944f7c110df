"""The side menu: of a table of sections and entries, what exists and what the role may open."""

from collections.abc import Callable, Iterable, Iterator
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
Reachable = tuple[tuple[Section, tuple[tuple[Entry, str], ...]], ...]


def reachable(sections: Iterable[Section], role: str, reverse: Reverse) -> Reachable:
    """What `role` may open: sections with their entries, each with its address."""
    found = ((section, tuple(_addressed(section, role, reverse))) for section in sections)
    return tuple((section, entries) for section, entries in found if entries)


def current_of(found: Reachable, path: str) -> str:
    """The longest address that begins `path`."""
    urls = (url for _section, entries in found for _entry, url in entries)
    return max(filter(path.startswith, urls), key=len, default="")


def links_of(found: Reachable, current: str) -> list[tuple[str, list[Link]]]:
    """Sections with their links, in the active language; the `current` one is marked."""
    return [
        (
            str(section.label),
            [Link(str(e.label), e.icon, url, url == current) for e, url in entries],
        )
        for section, entries in found
    ]


def _addressed(section: Section, role: str, reverse: Reverse) -> Iterator[tuple[Entry, str]]:
    for entry in section.entries:
        if (entry.roles is ALL or role in entry.roles) and (url := _address(entry, reverse)):
            yield entry, url


def _address(entry: Entry, reverse: Reverse) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""
