"""Who may open what: every address × every role × own, other and no workspace.

Generated from the URLconf, so that a page cannot be forgotten; the answers are compared with
`leadmgmt/access/`. The second half takes the application's own filters away: the fence alone
must keep the other workspace out of every page.
"""

from typing import Any
from uuid import UUID

import pytest
from django.db import models
from django.test import Client

from leadmgmt.access import TABLE
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Role, WorkspaceManager
from leads.models import Lead
from tests.architecture.routes import MISSING, Route, routes
from tests.architecture.sides import CANARY, foreign_rows, in_question, state, text
from tests.builders import a_user
from tests.clients import client_of
from tests.worlds import World

# Addresses outside any workspace that need no row, each with its reason.
PUBLIC = {
    "home": "the start page",
    "choose_workspace": "lists only one's own workspaces",
    "create_workspace": "everybody with a login may make one",
    "accept_invitation": "opens to who holds the letter",
    "public:": "tracking and forms on other people's sites; tokens, cookies, no session",
    "message_opened": "signed links in mails",
    "message_clicked": "signed links in mails",
    "message_unsubscribe": "signed links in mails",
    "learn": "signed links to training content",
    "account_": "allauth's own pages guard themselves",
    "mfa_": "allauth's own pages guard themselves",
    "usersessions_": "allauth's own pages guard themselves",
    "admin:": "operators only, guarded by the admin site",
    "ui:": "the gallery of components, on a developer's machine",
    "local:": "the mailbox of a developer's machine",
    "health": "says only that the program lives",
    "api-schema": "the description of the API",
    "api-docs": "the description of the API, rendered",
    "api-nothing": "says that the API has no such address",
}
ROLES = {
    Role.ADMIN: "ada",
    Role.MARKETER: "mara",
    Role.MANAGER: "max",
    Role.REP: "rita",
    Role.ANALYST: "ana",
}
pytestmark = pytest.mark.usefixtures("world")


def _workspace_routes() -> list[Route]:
    return [each for each in routes() if each.is_in_workspace]


each_page = pytest.mark.parametrize("route", _workspace_routes(), ids=lambda route: route.name)


@pytest.fixture
def sent(world: World) -> dict[str, Client]:
    """A browser for each role."""
    clients = {role.value: client_of(getattr(world, name)) for role, name in ROLES.items()}
    for client in clients.values():
        client.raise_request_exception = False
    return clients


def _is_covered(route: Route) -> bool:
    if route.is_in_workspace:
        return route.name in TABLE
    prefixes = tuple(key for key in PUBLIC if key.endswith((":", "_")))
    return route.is_api or route.name in PUBLIC or route.name.startswith(prefixes)


def test_every_address_has_its_row_or_its_reason() -> None:
    unknown = [each.name for each in routes() if not _is_covered(each)]
    assert unknown == []


def test_every_row_has_its_address() -> None:
    assert set(TABLE) - {each.name for each in _workspace_routes()} == set()


def test_who_may_write_or_read_is_somebody() -> None:
    assert not [name for name, row in TABLE.items() if not row.read | row.write]


@each_page
def test_roles_are_let_in_as_the_table_says(route: Route, sent: dict[str, Client]) -> None:
    row = TABLE[route.name]
    for role, client in sent.items():
        looked, wrote = client.get(route.url("acme")), client.post(route.url("acme"))
        assert looked.status_code < 500, (role, "GET")
        assert wrote.status_code < 500, (role, "POST")
        told = (role, looked.status_code, wrote.status_code)
        assert _is_let_in(looked, row.read) == (role in row.read), told
        assert _is_let_in(wrote, row.write) == (role in row.write), told


def _is_let_in(answer: Any, roles: frozenset[Role]) -> bool:
    """Where nobody may send a method, it is not for want of a role."""
    return bool(answer.status_code != (403 if roles else 405))


@pytest.mark.parametrize(
    ("who", "slug"),
    [("gus", "acme"), ("ada", "globex"), ("ada", "no-such-place"), ("nobody", "acme")],
)
def test_strangers_find_nothing(who: str, slug: str, world: World) -> None:
    client = client_of(a_user() if who == "nobody" else getattr(world, who))
    for route in _workspace_routes():
        for answer in (client.get(route.url(slug)), client.post(route.url(slug))):
            assert answer.status_code == 404, route.name


def test_who_is_not_logged_in_is_asked_to() -> None:
    for route in _workspace_routes():
        for answer in (Client().get(route.url("acme")), Client().post(route.url("acme"))):
            assert answer.status_code == 302, route.name
            assert answer["Location"].startswith("/accounts/login/?next=/w/acme/")


def test_who_has_left_finds_nothing(world: World, rita: Member) -> None:
    client = client_of(rita)
    assert client.get("/w/acme/").status_code == 302
    Member.objects.filter(pk=rita.pk).update(left_at=rita.joined_at)
    assert client.get("/w/acme/").status_code == 404


# Without the application's own filters


def _everything(self: "WorkspaceManager") -> "models.QuerySet[Any]":
    return models.Manager.get_queryset(self)


@pytest.fixture
def unfiltered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The manager forgets the workspace; only the database still knows it."""
    monkeypatch.setattr(WorkspaceManager, "get_queryset", _everything)


@pytest.fixture
def foreign(world: World) -> dict[str, UUID]:
    """A row of every table, in globex."""
    return foreign_rows()


@each_page
def test_foreign_rows_are_like_rows_that_are_not(
    route: Route, foreign: dict[str, UUID], unfiltered: None, world: World
) -> None:
    client = client_of(world.ada)
    client.raise_request_exception = False
    before = state()
    for send in (client.get, client.post):
        missing = send(route.url("acme", MISSING)).status_code
        for table, row_id in in_question(route, foreign, missing):
            answer = send(route.url("acme", row_id))
            assert answer.status_code == missing, (table, answer.status_code, missing)
            assert CANARY not in text(answer), table
    assert state() == before


def test_the_manager_is_really_without_its_filter(unfiltered: None, foreign: Any) -> None:
    for manager in (Member.objects, Lead.objects):
        with inside(None):  # would raise NoWorkspace otherwise
            assert manager.count() == 0
