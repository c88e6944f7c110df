"""The forms a person can find by following links: what a hostile one would send through."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

PAGES_OF_A_KIND = 2  # links to other rows of the same page lead to the same forms
TOKEN = "csrfmiddlewaretoken"  # test clients need none
SENT = ("action", "hx-post", "formaction")


@dataclass
class Form:
    """Where a form goes, and the fields it has with what stands in them."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """Links and forms of one page; fields outside forms belong to all (the `form` attribute)."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Links, forms and fields; the first option of a choice stands for it."""
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.address, given["href"]))
        if tag == "form" and given.get("method") == "post":
            self._open = Form(urljoin(self.address, given.get("action", "")))
            self.forms.append(self._open)
        for name in SENT[1:]:
            if name in given:
                self.forms.append(Form(urljoin(self.address, given[name])))
        if tag == "option" and self._open and self._select:
            self._open.fields.setdefault(self._select, given.get("value", ""))
        if tag in ("input", "select", "textarea", "button") and given.get("name"):
            self._select = given["name"] if tag == "select" else ""
            self._note(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _note(self, given: dict[str, str]) -> None:
        if given["name"] == TOKEN:
            return
        form = self._open or (self.forms[-1] if self.forms else None)
        if form is not None and not self._select:
            form.fields[given["name"]] = given.get("value", "")
        elif form is not None and self._open is None:
            form.fields.setdefault(given["name"], "")


def name_of(address: str) -> str:
    """The name of an address; empty for none of ours."""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


@dataclass(frozen=True)
class Visit:
    """A page somebody came to, and the page whose link led there ("" for a start)."""

    origin: str
    address: str
    status: int
    page: Reader


def walk(client: Client, starts: Iterable[str]) -> Iterator[Visit]:
    """Follow the links of pages from `starts` on, a few rows of each kind."""
    waiting = deque(("", each) for each in starts)
    seen, kinds = set[str](), dict[str, int]()
    while waiting:
        origin, address = waiting.popleft()
        answer = client.get(address, follow=True)
        page = Reader(answer.request["PATH_INFO"])
        if answer.get("Content-Type", "").startswith("text/html"):
            page.feed(answer.content.decode())
        yield Visit(origin, address, answer.status_code, page)
        for link in map(_inside, page.links):
            kind = name_of(link) if link and link != urlsplit(address).path else ""
            if not kind or link in seen or kinds.get(kind, 0) >= PAGES_OF_A_KIND:
                continue
            seen.add(link)
            kinds[kind] = kinds.get(kind, 0) + 1
            waiting.append((address, link))


def found_forms(client: Client, starts: Iterable[str]) -> dict[str, Form]:
    """By name of the address they go to, the fullest form each, found from `starts` by links."""
    forms: dict[str, Form] = {}
    for visit in walk(client, starts):
        for form in visit.page.forms:
            name = name_of(form.action)
            if name not in forms or len(form.fields) > len(forms[name].fields):
                forms[name] = form
    return forms


def _inside(link: str) -> str:
    """The path of a link into the workspace, without its query; empty for every other."""
    parts = urlsplit(link)
    return parts.path if not parts.netloc and parts.path.startswith("/w/") else ""
