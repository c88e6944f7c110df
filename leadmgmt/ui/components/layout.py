"""Cards, tabs, facts, menus, dialogs and forms' frames."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from leadmgmt.ui.menu import Link
from leadmgmt.ui.toasts import UNDO

from .library import register
from .status import icon as drawn
from .words import escaped


def _rendered(context: Context, template: str, **values: Any) -> SafeString:
    engine: Any = context.template and context.template.engine
    rendered: SafeString = engine.get_template(template).render(context.new(values))
    return rendered


@register.simple_tag
def fixed(template: str) -> SafeString:
    """A fragment that is the same on every page of a language: rendered once."""
    return _fixed(template, get_language())


@lru_cache
def _fixed(template: str, language: str | None) -> SafeString:
    return SafeString(render_to_string(template))


KEPT = 2_000  # fragments
TOKEN = "the-token-of-this-form"  # noqa: S105 - stands for the token while a fragment is kept

_kept: OrderedDict[tuple[Any, ...], str] = OrderedDict()


@register.simple_tag(takes_context=True)
def kept(context: Context, template: str, *depends_on: Any) -> SafeString:
    """A fragment drawn once for each value of everything it shows: name all of it.

    Forms inside get the token of the page they are on.
    """
    token = str(context.get("csrf_token") or "")
    key = (template, get_language(), bool(token), *map(_frozen, depends_on))
    drawn = _kept.get(key)
    if drawn is None:
        with context.push(csrf_token=TOKEN if token else ""):
            values = {str(name): value for name, value in context.flatten().items()}
        drawn = _rendered(context, template, **values)
        _kept[key] = drawn
        if len(_kept) > KEPT:
            _kept.popitem(last=False)  # at once, beside other threads
    return SafeString(drawn.replace(TOKEN, token))


def _frozen(value: Any) -> Any:
    """A value that may be a key, and keeps no request alive."""
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


@register.simple_tag
def side_menu(sections: Iterable[tuple[str, Sequence[Link]]]) -> SafeString:
    """The sections of the side menu with their links; quick, for it is on every page."""
    return format_html_join("", "{}", ((_section(*each),) for each in enumerate(sections, 1)))


def _section(number: int, section: tuple[str, Sequence[Link]]) -> SafeString:
    label, links = section
    entries = SafeString("".join(_entry(link) for link in links))
    if not label:
        return format_html("<ul>{}</ul>", entries)
    return format_html(
        '<p class="sidebar-label" id="nav-{0}">{1}</p><ul aria-labelledby="nav-{0}">{2}</ul>',
        number,
        label,
        entries,
    )


def _entry(link: Link) -> SafeString:
    current = SafeString(' aria-current="page"') if link.is_current else ""
    return SafeString(
        f'<li><a href="{escaped(link.url)}"{current}>{drawn(link.icon)}'
        f"<span>{escaped(link.label)}</span></a></li>"
    )


@register.simple_block_tag(takes_context=True)
def card(
    context: Context,
    content: SafeString,
    title: str = "",
    hint: str = "",
    why: str = "",
    flush: bool = False,
    url: str = "",
    more: str = "",
    id: str = "",
) -> SafeString:
    """A section with a hairline.

    Beside its title one line of `hint`, `why` behind a question mark, a link `more` to `url`;
    `flush` lets a table touch the edges.
    """
    return _rendered(
        context,
        "ui/card.html",
        title=title,
        hint=hint,
        why=why,
        flush=flush,
        url=url,
        more=more,
        content=content,
        id=id,
    )


@register.simple_block_tag
def tabs(content: SafeString, label: str) -> SafeString:
    """Links between the faces of one thing; each has an address."""
    return SafeString(f'<nav class="faces" aria-label="{escaped(label)}">{content}</nav>')


@register.simple_tag
def tab(text: str, url: str, active: bool = False, count: str | int | None = None) -> SafeString:
    current = ' aria-current="page"' if active else ""
    number = f'<span class="count">{escaped(count)}</span>' if count not in (None, "") else ""
    return SafeString(f'<a href="{escaped(url)}"{current}>{escaped(text)}{number}</a>')


@register.simple_block_tag
def facts(content: SafeString) -> SafeString:
    """A definition list: what we know, one `{% fact %}` a line."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: SafeString, label: str) -> SafeString:
    """One known thing; nothing inside shows a dash."""
    shown = content if content.strip() else SafeString('<span class="faint">–</span>')
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, shown)


@register.simple_block_tag
def buttons(content: SafeString, end: bool = False) -> SafeString:
    """A row of buttons: the primary one first, the way out last."""
    return format_html(
        '<div class="button-row" data-end="{}">{}</div>', "yes" if end else "", content
    )


@register.simple_block_tag
def menu(
    content: SafeString, label: str = "", icon: str = "ellipsis", text: str = "", side: str = "end"
) -> SafeString:
    """A button that opens a list of links and buttons."""
    face = format_html("{}{}", drawn(icon), text) if icon else format_html("{}", text)
    return format_html(
        '<details class="menu" data-side="{}" data-menu>'
        '<summary class="btn btn-ghost" aria-label="{}">{}</summary>'
        '<div class="menu-sheet">{}</div></details>',
        side, label or text, face, content,
    )  # fmt: skip


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: SafeString, id: str, title: str) -> SafeString:
    """A dialog; `<a href="#id">` opens it, also without scripts; `data-closes` inside closes it."""
    return _rendered(context, "ui/dialog.html", id=id, title=title, content=content)


@register.simple_block_tag
def notice(content: SafeString, tone: str = "accent", icon: str = "info") -> SafeString:
    """A sentence that stands on the page (not a passing message)."""
    return format_html(
        '<div class="notice" data-tone="{}">{}<div>{}</div></div>', tone, drawn(icon), content
    )


@register.inclusion_tag("ui/field.html")
def field(field: Any, label: str = "", icon: str = "") -> dict[str, Any]:
    """A form field as `{{ field.as_field_group }}` shows it, with another label."""
    return {"field": field, "label": label, "icon": icon}


@register.simple_block_tag
def toolbar(content: SafeString, label: str = "") -> SafeString:
    """The row above a list: search, filters, and at its end what one can do."""
    spoken = escaped(label)
    return SafeString(f'<div class="toolbar" role="group" aria-label="{spoken}">{content}</div>')


@register.simple_tag
def search(name: str = "q", value: str = "", label: str = "", placeholder: str = "") -> SafeString:
    """A search box; `/` jumps to it, typing submits its form."""
    spoken, shown = escaped(label or placeholder), escaped(placeholder)
    return SafeString(
        f'<label class="search">{drawn("search")}<span class="visually-hidden">{spoken}</span>'
        f'<input type="search" name="{escaped(name)}" value="{escaped(value)}"'
        f' placeholder="{shown}" autocomplete="off" data-search><kbd>/</kbd></label>'
    )


@register.filter
def undo_url(message: Any) -> str:
    """Where a message's Undo button posts to, "" when it cannot be undone."""
    tags = str(getattr(message, "extra_tags", "") or "")
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


@register.simple_tag
def workspace_home(slug: str) -> str:
    """Where one lands after switching to a workspace."""
    return f"/w/{slug}/"


@register.simple_block_tag
def breadcrumb(content: SafeString) -> SafeString:
    """The way up, above a page's title; put `{% crumb %}`s inside."""
    return format_html(
        '<nav aria-label="{}"><ol class="breadcrumb">{}</ol></nav>', _("Breadcrumb"), content
    )


@register.simple_tag
def crumb(text: str, url: str) -> SafeString:
    return format_html('<li><a href="{}">{}</a></li>', url, text)
