"""People and what happened to them."""

from datetime import datetime
from typing import Any
from zlib import crc32

from django.utils.html import format_html
from django.utils.safestring import SafeString

from .library import register

AVATAR_TONES = ("accent", "green", "amber", "violet", "sky", "neutral")


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """Initials on a colour that stays the same for the same name; size: "" or "large"."""
    tone = AVATAR_TONES[crc32(name.encode()) % len(AVATAR_TONES)]
    return format_html(
        '<span class="avatar-disc" data-tone="{}" data-size="{}" aria-hidden="true">{}</span>',
        tone,
        size,
        initials(name),
    )


def initials(name: str) -> str:
    words = name.replace(".", " ").replace("@", " ").split()
    return (
        "".join(
            word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])
        ).upper()
        or "?"
    )


@register.simple_tag
def person(name: str, url: str = "", note: str = "") -> SafeString:
    """Avatar, name and a faint second line (email, company); quick, for it is on every row."""
    who = '<a href="{url}">{name}</a>' if url else '<span class="person-name">{name}</span>'
    below = '<span class="person-note">{note}</span>' if note else ""
    return format_html(
        f'<span class="person">{{avatar}}<span class="person-words">{who}{below}</span></span>',
        avatar=avatar(name),
        name=name,
        url=url,
        note=note,
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
