"""The API: every address × every method × no key, a key without the scope, a foreign row."""

from uuid import UUID

import pytest
from django.utils import timezone
from rest_framework.response import Response

from leadmgmt.workspaces.actions.keys import revoke_key
from leadmgmt.workspaces.models import Member, Scope
from tests.architecture.routes import MISSING, Route, routes
from tests.architecture.sides import CANARY, foreign_rows, in_question, state, text
from tests.builders import a_key
from tests.clients import JsonClient, api_of

METHODS = ("get", "post", "put", "patch", "delete")
# The door is passed, whatever is found behind it.
LET_IN = {200, 201, 202, 204, 400, 404, 405, 409, 413, 415, 422}
PLAIN_VIEWS = {"api:activity-batch": {Scope.ACTIVITIES_WRITE}}

pytestmark = pytest.mark.usefixtures("world")


def _api_routes() -> list[Route]:
    return [each for each in routes() if each.is_api]


each_route = pytest.mark.parametrize("route", _api_routes(), ids=lambda route: route.name)


def _scopes(route: Route) -> set[str]:
    if route.name in PLAIN_VIEWS:
        return {each.value for each in PLAIN_VIEWS[route.name]}
    scopes = route.view.initkwargs.get("scopes", route.view.cls.scopes)
    return {each.value for each in scopes.values()}


def _answers(client: JsonClient, route: Route, row_id: UUID = MISSING) -> dict[str, Response]:
    client.raise_request_exception = False
    return {each: getattr(client, each)(route.url("", row_id), {}) for each in METHODS}


def _codes(answers: dict[str, Response]) -> set[int]:
    return {each.status_code for each in answers.values()}


@each_route
def test_without_a_key_nobody_gets_in(route: Route, ada: Member) -> None:
    void, guessed = a_key(ada), JsonClient()
    revoke_key(void.key, now=timezone.now())
    guessed.credentials(HTTP_AUTHORIZATION="Bearer lm_guess")
    for client in (JsonClient(), guessed, api_of(void)):
        assert _codes(_answers(client, route)) <= {401, 405}


@each_route
def test_a_logged_in_browser_is_no_key(route: Route, ada: Member) -> None:
    client = JsonClient()
    client.force_login(ada.user)
    assert _codes(_answers(client, route)) <= {401, 405}


@each_route
def test_a_key_without_the_scope_is_refused(route: Route, ada: Member) -> None:
    others = set(Scope.values) - _scopes(route)
    assert others, "somebody must not be let in"
    assert _codes(_answers(api_of(a_key(ada, *others)), route)) <= {403, 405}


@each_route
def test_a_key_with_the_scope_is_let_in(route: Route, ada: Member) -> None:
    answers = _answers(api_of(a_key(ada, *_scopes(route))), route)
    assert _codes(answers) <= LET_IN


@each_route
def test_foreign_rows_are_like_rows_that_are_not(route: Route, ada: Member) -> None:
    client, foreign = api_of(a_key(ada)), foreign_rows()
    before, missing = state(), _answers(client, route)
    for method, nothing in missing.items():
        for table, row_id in in_question(route, foreign, nothing.status_code):
            answer = getattr(client, method)(route.url("", row_id), {})
            assert answer.status_code == nothing.status_code, (table, method)
            assert CANARY not in text(answer), (table, method)
    assert state() == before
