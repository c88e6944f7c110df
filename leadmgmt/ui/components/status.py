"""Icons, badges, stages and classes: a status is always a word and a shape and a colour."""

from functools import lru_cache

import lucide
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .library import register

# stage → word, tone, filled share of the ring (None: a drawing of its own)
STAGES = {
    "lead": (_("Lead"), "neutral", 0.0),
    "mql": (_("MQL"), "accent", 0.34),
    "sql": (_("SQL"), "violet", 0.67),
    "customer": (_("Customer"), "green", 1.0),
    "nurturing": (_("Nurturing"), "amber", None),
    "disqualified": (_("Disqualified"), "neutral", None),
}
CLASSES = {
    "hot": (_("Hot"), "red", "flame"),
    "warm": (_("Warm"), "amber", "sun"),
    "cold": (_("Cold"), "sky", "snowflake"),
}


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """A lucide icon; without `label` it is decoration and hidden from screen readers."""
    return _icon(str(name), size, str(label))


@lru_cache(maxsize=512)
def _icon(name: str, size: int, label: str) -> SafeString:
    spoken = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    drawn = lucide._render_icon(name, size, stroke_width="1.75", **spoken)
    return SafeString(drawn.replace("<svg", '<svg class="ico"', 1))


@register.simple_tag
def badge(text: str, tone: str = "neutral", icon: str = "") -> SafeString:
    """A small status word; tones: neutral accent green amber red violet sky."""
    shape = _icon(str(icon), 12, "") if icon else SafeString('<span class="dot"></span>')
    return format_html('<span class="pill" data-tone="{}">{}{}</span>', tone, shape, text)


@register.simple_tag
def stage(value: str) -> SafeString:
    """A lead's stage: a ring that fills on the way to customer."""
    return _stage(str(value), get_language())


@lru_cache  # a list shows the same few on every row
def _stage(value: str, language: str | None) -> SafeString:
    word, tone, filled = STAGES.get(value, (value, "neutral", 0.0))
    return format_html(
        '<span class="pill" data-tone="{}" data-stage="{}">{}{}</span>',
        tone,
        value,
        _ring(value, filled),
        word,
    )


@register.simple_tag
def stage_icon(value: str) -> SafeString:
    """The ring alone, for places where the word stands beside it already."""
    _word, tone, filled = STAGES.get(value, (value, "neutral", 0.0))
    return format_html(
        '<span class="ring-only" data-tone="{}">{}</span>', tone, _ring(value, filled)
    )


@register.filter
def stage_name(value: str) -> str:
    return str(STAGES[value][0]) if value in STAGES else value


@register.simple_tag
def lead_class(value: str) -> SafeString:
    """Hot, warm or cold; nothing known is a dash."""
    return _lead_class(str(value), get_language())


@lru_cache
def _lead_class(value: str, language: str | None) -> SafeString:
    if value not in CLASSES:
        return SafeString('<span class="faint">–</span>')
    word, tone, shape = CLASSES[value]
    return badge(str(word), tone, shape)


@lru_cache
def _ring(value: str, filled: float | None) -> SafeString:
    return SafeString(
        '<svg class="ring" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">'
        f"{_ring_inside(value, filled)}</svg>"
    )


def _ring_inside(value: str, filled: float | None) -> str:
    outline = (
        '<circle cx="7" cy="7" r="5.75" fill="none" stroke="currentColor" stroke-width="1.5"{}/>'
    )
    if value == "nurturing":
        return (
            outline.format(' stroke-dasharray="2.2 1.42"')
            + '<circle cx="7" cy="7" r="2" fill="currentColor"/>'
        )
    if value == "disqualified":
        return (
            outline.format("") + '<path d="M4.9 4.9l4.2 4.2M9.1 4.9l-4.2 4.2" '
            'stroke="currentColor" stroke-width="1.5"/>'
        )
    if filled == 1.0:
        return (
            '<circle cx="7" cy="7" r="6.5" fill="currentColor"/>'
            '<path class="tick" d="M4.2 7.2l2 2 3.7-4" fill="none" stroke-width="1.5"/>'
        )
    pie = (
        '<circle cx="7" cy="7" r="2" fill="none" stroke="currentColor" stroke-width="4" '
        f'stroke-dasharray="{12.566 * (filled or 0):.2f} 12.566" transform="rotate(-90 7 7)"/>'
    )
    return outline.format("") + (pie if filled else "")
