"""Lists: sortable tables that become cards on a phone, pagers and empty states."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leadmgmt.ui.paging import Page

from .library import register
from .status import icon
from .words import escaped

CURSORS = ("after", "before")


@register.simple_block_tag
def table(content: SafeString, label: str, cards: bool = True) -> SafeString:
    """A dense table with hairlines; its rows are cards on a phone unless `cards=False`."""
    spoken, mode = escaped(label), ' data-cards=""' if cards else ""
    opened = f'<div class="data-frame"><table class="data" aria-label="{spoken}"{mode} data-rows>'
    return SafeString(f"{opened}{content}</table></div>")


@register.simple_tag(takes_context=True)
def th(
    context: Context, text: str, sort: str = "", number: bool = False, hidden: bool = False
) -> SafeString:
    """A column header; with `sort` a link that sorts by it, and back, by `?sort=`.

    The link keeps the rest of the address, or of `spelled` where the context has it.
    """
    kind = ' class="number"' if number else ""
    if not sort:
        shown = escaped(text)
        inner = f'<span class="visually-hidden">{shown}</span>' if hidden else shown
        return SafeString(f'<th scope="col"{kind}>{inner}</th>')
    return _sortable(context, text, sort, kind)


@register.simple_tag(takes_context=True)
def heads(context: Context, columns: Iterable[Any]) -> SafeString:
    """A `th` for each of a list's columns, which know their `label`, `sort` and `is_number`."""
    drawn = (th(context, each.label, each.sort, each.is_number) for each in columns)
    return SafeString("".join(drawn))


def _sortable(context: Context, text: str, sort: str, kind: str) -> SafeString:
    query = context.get("spelled") or context["request"].GET
    current = query.get("sort") or context.get("sort", "")
    is_up, is_down = current == sort, current == f"-{sort}"
    url = _with(query, sort=sort if is_down else f"-{sort}")
    direction = "ascending" if is_up else "descending" if is_down else "none"
    arrow = icon("arrow-up" if is_up else "arrow-down", 12)
    return SafeString(
        f'<th scope="col"{kind} aria-sort="{direction}">'
        f'<a href="{escaped(url)}">{escaped(text)}{arrow}</a></th>'
    )


def _with(query: QueryDict, **words: str) -> str:
    """The same list with other `words`; another order or page leaves the page one is on."""
    kept = [
        (name, value)
        for name, values in query.lists()
        if name not in CURSORS and name not in words
        for value in values
    ]
    return f"?{urlencode([*kept, *words.items()])}"


@register.simple_block_tag
def td(
    content: SafeString,
    label: str = "",
    number: bool = False,
    main: bool = False,
    wrap: bool = False,
) -> SafeString:
    """A cell; `label` names it in card mode, `main` makes it the card's title.

    Sentences `wrap`; what does not is cut where it is too long.
    """
    return SafeString(f"{_opened(label, number=number, main=main, wrap=wrap)}{content}</td>")


def _opened(label: str, **kinds: bool) -> SafeString:
    kind = " ".join(name for name, is_on in kinds.items() if is_on)
    return format_html('<td class="{}" data-label="{}">', kind, label)


@dataclass(frozen=True)
class Cell:
    """A column of `drawn_rows`: `td`'s label and kind, and how a value becomes its content.

    Values that repeat are drawn once a page; of a `varied` column hardly any does.
    """

    label: str
    draw: Callable[[Any], SafeString]
    number: bool = False
    main: bool = False
    varied: bool = False

    @property
    def quickly(self) -> Callable[[Any], SafeString]:
        """Its content, drawn no oftener than needed."""
        return self.draw if self.varied else _Once(self.draw).__getitem__


class _Once(dict[Any, SafeString]):
    """Draws each value once: a list shows the same few on every row."""

    def __init__(self, draw: Callable[[Any], SafeString]) -> None:
        super().__init__()
        self.draw = draw

    def __missing__(self, value: Any) -> SafeString:
        drawn = self[value] = self.draw(value)
        return drawn


def drawn_rows(rows: Iterable[tuple[str, Sequence[Any]]], cells: Sequence[Cell]) -> SafeString:
    """Rows (an id, a value a cell) as `tr` and `td` write them, many times quicker than tags."""
    opened = [_opened(each.label, number=each.number, main=each.main) for each in cells]
    draws = [each.quickly for each in cells]
    columns = tuple(zip(opened, draws, strict=True))
    return SafeString("".join([_drawn(id, values, columns) for id, values in rows]))


def _drawn(id: str, values: Sequence[Any], columns: Sequence[tuple[str, Any]]) -> str:
    cells = [
        f"{opened}{draw(value)}</td>" for (opened, draw), value in zip(columns, values, strict=True)
    ]
    return f'<tr data-row="{escaped(id)}">{"".join(cells)}</tr>'


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: Context, page: Page[Any], noun: str = "", one: str = "") -> dict[str, Any]:
    """Previous and next of a keyset page, and how many rows there are (capped).

    `noun` names many rows, `one` a single one.
    """
    query = context["request"].GET
    return {
        "page": page,
        "noun": (one if page.total == 1 else "") or noun or _("rows"),
        "next_url": _neighbour(query, "after", page.next),
        "previous_url": _neighbour(query, "before", page.previous),
    }


def _neighbour(query: QueryDict, direction: str, cursor: str) -> str:
    """The address of the page before or after, with the same filters; "" when there is none."""
    return _with(query, **{direction: cursor}) if cursor else ""


@register.inclusion_tag("ui/empty.html")
def empty(
    text: str,
    icon: str = "inbox",
    action: str = "",
    url: str = "",
    example: str = "",
    title: str = "",
) -> dict[str, Any]:
    """What will be here (one sentence), what starts it (one button), one example."""
    return {
        "title": title,
        "text": text,
        "icon": icon,
        "action": action,
        "url": url,
        "example": example,
    }
