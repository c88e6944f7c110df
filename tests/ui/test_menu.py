"""The side menu shows what exists and what one may open."""

from django.urls import NoReverseMatch

from leadmgmt.ui.menu import Entry, Section, links_of

SECTIONS = (
    Section("", (Entry("Queue", "inbox", "queue", frozenset({"rep"})),)),
    Section("Leads", (Entry("Leads", "users", "leads"), Entry("Soon", "clock", "unbuilt"))),
    Section("Keys", (Entry("Keys", "key", "keys", frozenset({"admin"})),)),
)
ADDRESSES = {"queue": "/queue/", "leads": "/leads/", "keys": "/keys/"}


def reverse(name: str) -> str:
    if name not in ADDRESSES:
        raise NoReverseMatch
    return ADDRESSES[name]


def labels(role: str) -> list[tuple[str, list[str]]]:
    found = links_of(SECTIONS, role, "/leads/7/", reverse)
    return [(label, [link.label for link in links]) for label, links in found]


def test_a_rep_sees_the_queue_and_leads() -> None:
    assert labels("rep") == [("", ["Queue"]), ("Leads", ["Leads"])]


def test_an_admin_sees_keys_but_no_queue() -> None:
    assert labels("admin") == [("Leads", ["Leads"]), ("Keys", ["Keys"])]


def test_the_page_below_an_entry_marks_it() -> None:
    found = links_of(SECTIONS, "rep", "/leads/7/", reverse)
    assert [link.label for _label, links in found for link in links if link.is_current] == ["Leads"]


def test_an_empty_address_is_not_shown() -> None:
    assert links_of(SECTIONS, "rep", "/", lambda name: "") == []
