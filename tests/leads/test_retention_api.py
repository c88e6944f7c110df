"""Retention rules over the API: tried, switched on and off, and only with the scope for it."""

from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Scope
from leads.actions.retention import keep_to_rules, save_retention_rule
from leads.models import Lead, RetentionRule
from tests.builders import a_key, a_lead
from tests.clients import JsonClient, api_of
from tests.worlds import World

API = "/api/v1/retention-rules/"
SPAIN = {"field": "country", "is": "Spain"}


@pytest.fixture
def api(ada: Member) -> JsonClient:
    return api_of(a_key(ada, scopes=[Scope.PRIVACY_WRITE]))


def made(api: JsonClient, **said: Any) -> Any:
    answer = api.post(API, {"name": "Old", "condition": SPAIN} | said)
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_rule_begins_off_and_tells_whom_it_would_erase(api: JsonClient, world: World) -> None:
    spaniard, _other = a_lead(country="Spain"), a_lead(country="Greece")
    rule = made(api)
    assert rule["is_on"] is False
    trial = api.get(f"{API}{rule['id']}/trial/").json()
    assert trial == {"count": 1, "examples": [str(spaniard.pk)], "problem": ""}
    assert Lead.objects.count() == 2


def test_it_is_switched_on_and_another_condition_switches_it_off(
    api: JsonClient, world: World
) -> None:
    one = f"{API}{made(api)['id']}/"
    assert api.patch(one, {"is_on": True}).json()["is_on"] is True
    assert api.patch(one, {"name": "Older"}).json()["is_on"] is True
    changed = api.patch(one, {"condition": {"field": "country", "is": "Greece"}}).json()
    assert (changed["is_on"], changed["name"]) == (False, "Older")


def test_a_deleted_rule_erases_nobody(api: JsonClient, world: World) -> None:
    a_lead(country="Spain")
    one = f"{API}{made(api)['id']}/"
    api.patch(one, {"is_on": True})
    assert api.delete(one).status_code == 204
    assert api.get(API).json()["results"] == []
    with inside(world.acme.pk):
        assert keep_to_rules(now=timezone.now()) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"condition": {}},
        {"condition": {"all": []}},
        {"condition": {"field": "shoe", "is": 4}},
        {"name": ""},
        {"colour": "red"},
    ],
)
def test_what_cannot_be_a_rule_is_refused(
    api: JsonClient, world: World, wrong: dict[str, Any]
) -> None:
    answer = api.post(API, {"name": "Old", "condition": SPAIN} | wrong)
    assert answer.status_code == 422
    assert not RetentionRule.objects.exists()


def test_a_key_without_the_scope_sees_no_rules(ada: Member, gus: Member) -> None:
    assert api_of(a_key(ada, scopes=[Scope.LEADS_WRITE])).get(API).status_code == 403
    with inside(gus.workspace_id):
        theirs = save_retention_rule(RetentionRule(), name="T", condition=SPAIN, by=gus)
    mine = api_of(a_key(ada, scopes=[Scope.PRIVACY_WRITE]))
    assert mine.patch(f"{API}{theirs.pk}/", {"is_on": True}).status_code == 404
