"""A rule of a draft that somebody removes while somebody else saves it: a sentence, no fault."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from funnel.health import drafting as healths
from funnel.models import HealthRule, RoutingRule
from funnel.routing.drafting import RuleWords, remove_rule, replace_rules, start_draft
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from tests.builders import a_draft_of, a_team
from tests.clients import client_of
from tests.worlds import ACME, World, make_world

GREEK = {"field": "country", "is": "Greece"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return make_world()


def answered_meanwhile(post: Callable[[], Any], remove: Callable[[], Any]) -> Any:
    """The answer of a request that waits for somebody who removes what it is about."""

    def asked() -> Any:
        try:
            return post()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with inside(ACME), transaction.atomic():
            remove()
            answer = other.submit(asked)
            wait_until_somebody_waits()
        return answer.result(30)


def wait_until_somebody_waits() -> None:
    """Until another connection waits for a lock of ours."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid()"
                " = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    pytest.fail("nobody waits")


def test_saving_a_routing_rule_that_is_being_removed_is_a_404_in_words(world: World) -> None:
    with inside(ACME):
        south = a_team("South", world.rita)
        draft = start_draft(by=None, now=timezone.now())
        replace_rules(
            draft, [RuleWords("Greece", GREEK, team=south), RuleWords("Rest", team=south)]
        )
        rule = RoutingRule.objects.get(name="Greece")
        address = workspace_reverse("funnel:routing_rule", id=rule.pk)
        browser = client_of(world.max)
    told = {**a_draft_of(GREEK), "name": "Athens", "target": "team", "team": str(south.pk)}
    told |= {"otherwise": "hold", "save": "1"}
    answer = answered_meanwhile(
        lambda: browser.post(address, told),
        lambda: remove_rule(rule),
    )
    assert (answer.status_code, "not there any more" in answer.content.decode()) == (404, True)
    with inside(ACME):
        assert [each.name for each in RoutingRule.objects.all()] == ["Rest"]


def test_saving_a_health_rule_that_is_being_removed_is_a_404_in_words(world: World) -> None:
    with inside(ACME):
        draft = healths.start_draft(by=None, now=timezone.now())
        first, *rest = healths.rules_of(draft)
        address = workspace_reverse("funnel:health_rule", id=first.pk)
        browser = client_of(world.max)
    told = {**a_draft_of(GREEK), "name": "Greek", "whose": "any", "level": "watch", "save": "1"}
    answer = answered_meanwhile(
        lambda: browser.post(address, told), lambda: healths.remove_rule(first)
    )
    assert (answer.status_code, "not there any more" in answer.content.decode()) == (404, True)
    with inside(ACME):
        assert list(HealthRule.objects.order_by("position")) == rest
