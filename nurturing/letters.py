"""Letters: a step written out for one person, ready for the mail server."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.core.mail import EmailMultiAlternatives
from django.utils.html import escape, linebreaks, urlize
from django.utils.translation import gettext as _
from inscriptis import get_text
from inscriptis.model.config import ParserConfig

from leadmgmt.kernel.letterhead import address_of_firm, headers_of, one_line
from leadmgmt.workspaces.addresses import absolute
from nurturing.merging import Context, render
from nurturing.tokens import Purpose, Subject, token_for

MOST_LINKS = 255  # their number is one byte of the token
LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z]")
TAGS = nh3.ALLOWED_TAGS - {"area", "map", "details", "summary"}
PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1f2937">
<div style="display:none">{preheader}</div>
<div style="max-width:600px;margin:0 auto">
{body}
<p style="margin-top:32px;font-size:13px;color:#6b7280">{why}
<a style="color:#6b7280" href="{unsubscribe}">{unsubscribe_words}</a></p>
</div>{pixel}</body></html>
"""


@dataclass(frozen=True)
class Text:
    """What the author of a step has written."""

    subject: str
    preheader: str
    body: str


@dataclass(frozen=True)
class Letter:
    """A step written out: what the person reads, and where its links lead."""

    subject: str
    html: str
    plain: str
    targets: Sequence[str] = ()


def write_letter(text: Text, context: Context, about: Subject) -> Letter:
    """The letter to one person, with the links that tell us what became of it.

    Refuses (WrongTemplate) a text that cannot be filled in.
    """
    targets: list[str] = []
    content = sanitised(body_html(text.body, context), _tracked(targets, about))
    why = _("You get this email because you gave your address to %s.") % sender(context)
    unsubscribe = address_of(Purpose.UNSUBSCRIBE, about)
    html = PAGE.format(
        preheader=escape(one_line(render(text.preheader, context))),
        body=content,
        why=escape(why),
        unsubscribe=unsubscribe,
        unsubscribe_words=escape(_("Unsubscribe")),
        pixel=f'<img src="{address_of(Purpose.OPEN, about)}" width="1" height="1" alt="">',
    )
    footer = "{}\n{}: {}".format(why, _("Unsubscribe"), unsubscribe)
    plain = f"{body_plain(text.body, context, content)}\n\n{footer}\n"
    return Letter(one_line(render(text.subject, context)), html, plain, targets)


def preview(text: Text, context: Context) -> Letter:
    """The letter as its reader would see it, without links of ours."""
    html = sanitised(body_html(text.body, context), _untouched)
    subject = one_line(render(text.subject, context))
    return Letter(subject, html, body_plain(text.body, context, html))


def mime(
    letter: Letter, *, to: str, answers_to: str, context: Context, about: Subject
) -> EmailMultiAlternatives:
    """The letter as a mail with the headers that mailbox providers ask for (RFC 8058).

    `answers_to` is who reads replies; empty for the sending address.
    """
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.plain,
        from_email=sender_address(context),
        to=[to],
        reply_to=[answers_to] if answers_to else None,
        headers=headers_of(about.message_id)
        | {
            "List-Unsubscribe": f"<{address_of(Purpose.UNSUBSCRIBE, about)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def body_html(body: str, context: Context) -> str:
    """The body as HTML: what was written as plain text gets paragraphs and live links."""
    html = render(body, context, is_html=True)
    return html if LOOKS_LIKE_HTML.search(body) else linebreaks(urlize(html))


def body_plain(body: str, context: Context, html: str) -> str:
    """The text part: as it was written, or read off the HTML with its links spelt out."""
    if LOOKS_LIKE_HTML.search(body):
        return str(get_text(html, ParserConfig(display_links=True))).strip()
    return render(body, context).strip()


def sanitised(html: str, rewrite: Callable[[str, str, str], str | None]) -> str:
    """Only what is harmless in a mail or on a page; `rewrite` may change attributes."""
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attribute_filter=rewrite,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def is_web_address(target: str) -> bool:
    """May a click lead there? Only http and https, with a host."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and target.isprintable()


def address_of(purpose: Purpose, about: Subject) -> str:
    """The public address of what `purpose` names."""
    suffix = ".gif" if purpose is Purpose.OPEN else ""
    return absolute(f"/{purpose.value}/{token_for(purpose, about)}{suffix}")


def sender(context: Mapping[str, Any]) -> str:
    """Who writes: the firm."""
    return str(context.get("workspace", {}).get("name", ""))


def sender_address(context: Mapping[str, Any]) -> str:
    """The firm's name before the address this installation sends from."""
    return address_of_firm(sender(context))


def _tracked(targets: list[str], about: Subject) -> Callable[[str, str, str], str | None]:
    """Send each click by way of us, noting where it was to lead."""

    def rewrite(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) != ("a", "href") or not is_web_address(value):
            return value
        if value not in targets and len(targets) < MOST_LINKS:
            targets.append(value)
        if value not in targets:
            return value
        number = targets.index(value) + 1
        return address_of(Purpose.CLICK, Subject(about.workspace_id, about.message_id, number))

    return rewrite


def _untouched(tag: str, attribute: str, value: str) -> str:
    return value
