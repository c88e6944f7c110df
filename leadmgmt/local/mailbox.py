"""The mailbox page: what the mail catcher kept, readable in a browser of this machine."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

SHOWN = 200
READ = ("From", "To", "Reply-To", "Date", "List-Unsubscribe", "X-Envelope-From")
IN_TEXT = re.compile(r"https?://[^\s<>\"')\]]+")
# A message may look as it likes and load pictures (the open pixel is one), but run nothing.
OF_A_MESSAGE = {
    "default-src": [NONE],
    "img-src": [SELF, settings.BASE_URL, "https:", "data:"],
    "style-src": [UNSAFE_INLINE],
    "font-src": ["https:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@dataclass(frozen=True)
class Letter:
    """One kept message."""

    path: Path

    @property
    def name(self) -> str:
        """Return what its address is made of."""
        return self.path.stem

    @cached_property
    def message(self) -> EmailMessage:
        """Return the parsed message."""
        return BytesParser(EmailMessage, policy=policy.default).parsebytes(self.path.read_bytes())

    @property
    def kept_at(self) -> datetime:
        """Return when it came."""
        return datetime.fromtimestamp(int(self.name.split("-")[0]) / 1e9).astimezone()

    @property
    def headers(self) -> list[tuple[str, str]]:
        """Return the header lines a reader asks about; how it travelled is left out."""
        return [(name, str(self.message[name])) for name in READ if self.message[name]]

    @property
    def text(self) -> str:
        """Return the part for readers without HTML."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """Return the part that looks designed."""
        return self._part("html")

    @property
    def links(self) -> list[str]:
        """Return every address one can follow, once, in order of appearance."""
        collector = _Links()
        collector.feed(self.html)
        header = str(self.message.get("List-Unsubscribe", ""))
        return list(dict.fromkeys(collector.found + IN_TEXT.findall(self.text + " " + header)))

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return "" if part is None else str(part.get_content())


class _Links(HTMLParser):
    """Collects the targets of links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def letters() -> list[Letter]:
    """Return the newest messages, newest first."""
    paths = sorted((settings.LOCAL_DIR / "mail").glob("*.eml"), reverse=True)
    return [Letter(path) for path in paths[:SHOWN]]


def _letter_or_404(name: str) -> Letter:
    path = settings.LOCAL_DIR / "mail" / f"{name}.eml"
    if not path.exists():
        raise Http404
    return Letter(path)


@require_safe
def letter_list(request: HttpRequest) -> HttpResponse:
    """All messages."""
    return render(request, "local/letters.html", {"letters": letters()})


@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One message with its headers, its looks, its text and its links."""
    return render(request, "local/letter.html", {"letter": _letter_or_404(name)})


@require_safe
@xframe_options_sameorigin
@csp(OF_A_MESSAGE)  # type: ignore[arg-type]  # its types know no URL arguments
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The designed part by itself, for the frame; its links open outside of it."""
    return HttpResponse('<base target="_blank">' + _letter_or_404(name).html)
