"""People and what happened to them."""

from datetime import datetime
from typing import Any
from zlib import crc32

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .library import register
from .words import escaped

AVATAR_TONES = ("accent", "green", "amber", "violet", "sky", "neutral")


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """Initials on a colour that stays the same for the same name; size: "" or "large"."""
    tone = AVATAR_TONES[crc32(name.encode()) % len(AVATAR_TONES)]
    return SafeString(
        f'<span class="avatar-disc" data-tone="{tone}" data-size="{escaped(size)}"'
        f' aria-hidden="true">{escaped(initials(name))}</span>'
    )


def initials(name: str) -> str:
    words = name.replace(".", " ").replace("@", " ").split()
    first = words[0][0] if words else "?"
    return (f"{first}{words[-1][0]}" if len(words) > 1 else first).upper()


@register.simple_tag
def person(name: str, url: str = "", note: str = "") -> SafeString:
    """Avatar, name and a faint second line (email, company); quick, for it is on every row."""
    called, noted = escaped(name), escaped(note)
    who = (
        f'<a href="{escaped(url)}">{called}</a>'
        if url
        else f'<span class="person-name">{called}</span>'
    )
    below = f'<span class="person-note">{noted}</span>' if noted else ""
    return SafeString(
        f'<span class="person">{avatar(name)}<span class="person-words">{who}{below}</span></span>'
    )


@register.simple_block_tag
def timeline(content: SafeString, label: str = "") -> SafeString:
    """The list around `{% happening %}` items, newest first."""
    return format_html('<ol class="story" aria-label="{}">{}</ol>', label, content)


@register.simple_block_tag(takes_context=True)
def happening(
    context: Any,
    content: SafeString,
    title: str,
    at: datetime | None = None,
    icon: str = "circle",
    tone: str = "neutral",
    by: str = "",
) -> SafeString:
    """One fact on the timeline; the block is its detail and may be empty."""
    values = {
        "title": title,
        "at": at,
        "icon": icon,
        "tone": tone,
        "by": by,
        "content": content if content.strip() else "",
    }
    template = context.template.engine.get_template("ui/happening.html")
    rendered: SafeString = template.render(context.new(values))
    return rendered
