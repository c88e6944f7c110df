"""What surrounds every page is drawn once and kept: nobody may see what was drawn for others."""

import re
from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.test import Client

from leadmgmt.kernel.context import inside
from leadmgmt.ui.components import layout
from leadmgmt.workspaces.models import Member, Role, Workspace
from tests.clients import client_of

CURRENT = re.compile(r'<li><a href="([^"]*)" aria-current="page">')
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="([^"]*)"')


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    layout._kept.clear()
    yield
    layout._kept.clear()


def shell(browser: Client, address: str = "/w/acme/leads/", **headers: str) -> str:
    """Everything but the list."""
    page: str = browser.get(address, headers=headers).content.decode()
    return page.partition('<main class="page-main')[0]


def test_each_role_gets_its_own_menu(ada: Member, rita: Member, ana: Member) -> None:
    keys, queue = 'href="/w/acme/keys/"', 'href="/w/acme/queue/"'
    for _ in range(2):
        drawn = {each.name: shell(client_of(each)) for each in (ada, rita, ana)}
        assert [name for name, page in drawn.items() if keys in page] == ["Ada"]
        assert [name for name, page in drawn.items() if queue in page] == ["Ada", "Rita"]


def test_another_role_changes_the_menu_at_once(ada: Member) -> None:
    browser = client_of(ada)
    assert 'href="/w/acme/keys/"' in shell(browser)
    ada.role = Role.REP
    ada.save()
    assert 'href="/w/acme/keys/"' not in shell(browser)


def test_people_of_one_role_see_their_own_names(rita: Member, rob: Member) -> None:
    assert "rita@example.com" in shell(client_of(rita))
    drawn = shell(client_of(rob))
    assert "rob@example.com" in drawn
    assert "rita" not in drawn.lower()


def test_links_stay_in_the_workspace(ada: Member, globex: Workspace) -> None:
    browser = client_of(ada)
    with inside(globex.pk):
        Member.objects.create(workspace=globex, user=ada.user, name="Ada", role=Role.ADMIN)
    assert "/w/globex/companies/" not in shell(browser)
    there = shell(browser, "/w/globex/leads/")
    assert "/w/globex/companies/" in there
    assert "/w/acme/companies/" not in there


def test_another_name_of_the_workspace_is_seen_at_once(ada: Member, acme: Workspace) -> None:
    browser = client_of(ada)
    shell(browser)
    Workspace.objects.filter(pk=acme.pk).update(name="Anvils & Co")
    assert "Anvils &amp; Co" in shell(browser)


def test_each_language_gets_its_own_words(ada: Member) -> None:
    browser, said = client_of(ada), "Log out</button>"  # Django itself knows it in Russian
    for language, is_english in (("en", True), ("ru", False), ("en", True)):
        assert (said in shell(browser, **{"Accept-Language": language})) is is_english


def test_the_page_one_is_on_is_marked(ada: Member) -> None:
    browser = client_of(ada)
    for page in ("leads", "companies", "leads"):
        assert CURRENT.findall(shell(browser, f"/w/acme/{page}/")) == [f"/w/acme/{page}/"]


def test_outside_a_workspace_the_menu_is_that_of_the_account(ada: Member) -> None:
    browser = client_of(ada)
    shell(browser)
    account = browser.get("/accounts/email/").content.decode()
    assert "/w/acme/companies/" not in account


def test_every_form_of_a_page_bears_the_token_of_its_request(ada: Member, rita: Member) -> None:
    pages = [
        client_of(each).get("/w/acme/leads/").content.decode() for each in (ada, ada, rita, rita)
    ]
    tokens = [set(TOKENS.findall(page)) for page in pages]
    assert [len(each) for each in tokens] == [1, 1, 1, 1]
    assert len(set.union(*tokens)) == len(pages)
    assert not any(layout.TOKEN in page for page in pages)


def test_where_there_is_no_token_a_form_says_none() -> None:
    source = Template("{% load ui %}{% kept 'ui/_toast.html' %}")
    assert "csrfmiddlewaretoken" not in source.render(Context())
    assert 'value="abc"' in source.render(Context({"csrf_token": "abc"}))
    assert "csrfmiddlewaretoken" not in source.render(Context())
