"""The side menu shows what exists and what one may open."""

from django.urls import NoReverseMatch

from leadmgmt.ui.menu import Entry, Link, Section, current_of, links_of, reachable

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


def menu(role: str) -> list[tuple[str, list[Link]]]:
    found = reachable(SECTIONS, role, reverse)
    return links_of(found, current_of(found, "/leads/7/"))


def labels(role: str) -> list[tuple[str, list[str]]]:
    return [(label, [link.label for link in links]) for label, links in menu(role)]


def test_a_rep_sees_the_queue_and_leads() -> None:
    assert labels("rep") == [("", ["Queue"]), ("Leads", ["Leads"])]


def test_an_admin_sees_keys_but_no_queue() -> None:
    assert labels("admin") == [("Leads", ["Leads"]), ("Keys", ["Keys"])]


def test_the_page_below_an_entry_marks_it() -> None:
    found = menu("rep")
    assert [link.label for _label, links in found for link in links if link.is_current] == ["Leads"]


def test_an_empty_address_is_not_shown() -> None:
    assert reachable(SECTIONS, "rep", lambda name: "") == ()
