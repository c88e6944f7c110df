"""Numbers, money and time in text, and the small things said in place."""

from datetime import date, datetime, timedelta
from html import escape as html_escape
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from leadmgmt.ui import formatting
from leadmgmt.ui.formatting import Reader

from .library import register
from .status import icon

register.filter("number", formatting.number)
register.filter("percent", formatting.percent)
register.filter("money", formatting.money)
register.filter("estimate", formatting.estimate)
register.filter("day", formatting.day)
register.filter("moment", formatting.moment)
register.filter("ending", formatting.ending)
register.filter("duration", formatting.duration)


def escaped(text: Any) -> str:
    """Text as HTML, as templates write it; quick, for it is in every cell."""
    return text if isinstance(text, SafeString) else html_escape(str(text))


UNKNOWN = SafeString(f'<span class="faint">{formatting.UNKNOWN}</span>')


@register.simple_tag
def ago(at: datetime | None, now: datetime | None = None) -> SafeString:
    """`3 hours ago`, kept true by the browser; the exact moment is its title."""
    return ago_for(formatting.reader(), at, now or timezone.now())


def ago_for(reader: Reader, at: datetime | None, now: datetime) -> SafeString:
    """`ago` for lists, where the reader is known."""
    if at is None:
        return UNKNOWN
    return SafeString(  # our own words, nobody's input
        f'<time datetime="{at.isoformat()}" title="{reader.moment(at)}" data-ago>'
        f"{reader.ago(at, now)}</time>"
    )


@register.simple_tag
def date_of(at: date | datetime | None) -> SafeString:
    """A day as `<time>`."""
    return date_for(formatting.reader(), at)


def date_for(reader: Reader, at: date | datetime | None) -> SafeString:
    """`date_of` for lists, where the reader is known."""
    if at is None:
        return UNKNOWN
    return SafeString(f'<time datetime="{at.isoformat()}">{reader.day(at)}</time>')


@register.simple_tag
def countdown(
    due: datetime | None, started: datetime | None = None, now: datetime | None = None
) -> SafeString:
    """Time left until `due`: calm, amber in the last quarter since `started`, red when gone."""
    if due is None:
        return UNKNOWN
    left = due - (now or timezone.now())
    return format_html(
        '<time class="countdown" datetime="{}" title="{}" data-countdown data-started="{}" '
        'data-urgency="{}">{}<span>{}</span></time>',
        due.isoformat(),
        formatting.moment(due),
        started.isoformat() if started else "",
        urgency(left, due - started if started else None),
        icon("timer", 14),
        left_in_words(left),
    )


def urgency(left: timedelta, whole: timedelta | None) -> str:
    """calm, soon (last quarter; last hour when the whole is unknown) or over."""
    if left <= timedelta(0):
        return "over"
    return "soon" if left <= (whole / 4 if whole else timedelta(hours=1)) else "calm"


def left_in_words(left: timedelta) -> str:
    text = _("%(time)s left") if left > timedelta(0) else _("%(time)s overdue")
    return text % {"time": formatting.duration(left)}


@register.inclusion_tag("ui/hint.html")
def hint(text: str, url: str = "", more: str = "") -> dict[str, Any]:
    """A question mark that opens one sentence, with a way down to the facts."""
    return {"text": text, "url": url, "more": more}


@register.inclusion_tag("ui/copyable.html")
def copyable(text: str, label: str = "") -> dict[str, Any]:
    """Text in a box with a copy button (keys, snippets, addresses)."""
    return {"text": text, "label": label}


@register.simple_tag
def key(*names: str) -> SafeString:
    """Keyboard keys: `{% key "Ctrl" "K" %}`."""
    return SafeString("".join(format_html("<kbd>{}</kbd>", name) for name in names))


@register.simple_tag
def words_for_browser() -> SafeString:
    """The words `time.js` and `toast.js` fill in, in the page's language."""
    words = {
        "left": _("%(time)s left"),
        "overdue": _("%(time)s overdue"),
        "now": _("just now"),
        "d": _("%(count)s d"),
        "h": _("%(count)s h"),
        "min": _("%(count)s min"),
        "s": _("%(count)s s"),
        "failed": _("That did not work. Try again; what you typed is still here."),
    }
    data = format_html_join("", ' data-{}="{}"', words.items())
    return format_html('<template id="words"{}></template>', data)
