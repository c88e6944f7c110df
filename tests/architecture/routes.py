"""Every address of the product, walked from the URLconf."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from leadmgmt.workspaces.addresses import SLUG

ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
ROW = ("pk", "id")  # arguments of the REST framework's routers are plain text
MISSING = UUID("01900000-0000-7000-8000-00000000dead")


@dataclass(frozen=True)
class Route:
    """One named address, and the arguments it takes."""

    name: str
    view: Any = field(compare=False)
    arguments: tuple[tuple[str, str], ...] = field(compare=False)

    @property
    def is_in_workspace(self) -> bool:
        """Stands behind the door."""
        return any(name == SLUG for _, name in self.arguments)

    @property
    def is_api(self) -> bool:
        """Stands behind a key."""
        return self.name.startswith("api:")

    @property
    def has_id(self) -> bool:
        """Is about one row."""
        return any(name in ROW or kind == "uuid" for kind, name in self.arguments)

    def url(self, slug: str, row_id: UUID = MISSING) -> str:
        """The address with every id set to `row_id`; outside workspaces the slug is ""."""
        kwargs = {name: _argument(kind, name, row_id) for kind, name in self.arguments}
        return reverse(self.name, kwargs=kwargs | ({SLUG: slug} if slug else {}))


def _argument(kind: str, name: str, row_id: UUID) -> Any:
    if name in ROW or kind == "uuid":
        return row_id
    return 1 if kind == "int" else "lead"


def routes() -> list[Route]:
    """All of them, by name."""
    found = {each.name: each for each in _walk(get_resolver().url_patterns, "", ())}
    return [found[name] for name in sorted(found)]


def _walk(
    patterns: Iterable[Any], namespace: str, above: tuple[tuple[str, str], ...]
) -> Iterator[Route]:
    for each in patterns:
        # Not `pattern.converters`: Django adds to that dictionary, which equal routes share.
        arguments = above + tuple(ARGUMENT.findall(str(each.pattern)))
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each.url_patterns, inner, arguments)
        elif isinstance(each, URLPattern):
            yield Route(f"{namespace}{each.name}", each.callback, arguments)
