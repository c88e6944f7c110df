"""Every address of the product, walked from the URLconf."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter

from leadmgmt.workspaces.addresses import SLUG

MISSING = UUID("01900000-0000-7000-8000-00000000dead")


@dataclass(frozen=True)
class Route:
    """One named address, and the arguments it takes."""

    name: str
    view: Any = field(compare=False)
    converters: tuple[tuple[str, Any], ...] = field(compare=False)

    @property
    def is_in_workspace(self) -> bool:
        """Stands behind the door."""
        return any(name == SLUG for name, _ in self.converters)

    @property
    def is_api(self) -> bool:
        """A view of the REST framework, behind a key."""
        return hasattr(self.view, "cls") and self.name.startswith(("api", "v1"))

    @property
    def has_id(self) -> bool:
        """Is about one row."""
        return any(isinstance(each, UUIDConverter) for _, each in self.converters)

    def url(self, slug: str, row_id: UUID = MISSING) -> str:
        """The address with every id set to `row_id`."""
        kwargs = {name: _argument(each, row_id) for name, each in self.converters}
        return reverse(self.name, kwargs=kwargs | {SLUG: slug})


def _argument(converter: Any, row_id: UUID) -> Any:
    if isinstance(converter, UUIDConverter):
        return row_id
    return 1 if isinstance(converter, IntConverter) else "lead"


def routes() -> list[Route]:
    """All of them, by name."""
    found = {each.name: each for each in _walk(get_resolver().url_patterns, "", ())}
    return [found[name] for name in sorted(found)]


def _walk(
    patterns: Iterable[Any], namespace: str, above: tuple[tuple[str, Any], ...]
) -> Iterator[Route]:
    for each in patterns:
        converters = above + tuple(each.pattern.converters.items())
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each.url_patterns, inner, converters)
        elif isinstance(each, URLPattern):
            yield Route(f"{namespace}{each.name}", each.callback, converters)
