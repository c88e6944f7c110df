"""Who hears that customers fare worse: whoever looks after them, or the managers; once a batch."""

from datetime import UTC, datetime
from typing import Any

import pytest

from funnel.health.judging import judge_customers
from funnel.models import Customer, Whose
from leadmgmt.workspaces.models import Member, Notice, Role
from tests.builders import a_company, a_customer, a_member, health_rules

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
NO_GREEK: Any = ("No Greek", Whose.NONE, {"field": "country", "is": "Greece"})


def _fall(level: str = "at_risk") -> None:
    """All customers fare worse in one batch."""
    health_rules((*NO_GREEK, level))
    Customer.objects.update(health="good", health_rule=None)
    judge_customers(None, now=NOW)


def _told() -> list[tuple[str, str, str]]:
    return sorted(Notice.objects.values_list("member__name", "text", "path"))


def test_of_many_that_fall_the_owner_hears_in_one_notice(rita: Member, rob: Member) -> None:
    for _ in range(3):
        a_customer(owner=rita)
    alone = a_customer(a_company(name="Nordwind"), owner=rob)
    _fall()
    assert _told() == [
        ("Rita", "3 customers fare worse now, 3 of them are at risk.", "customers/?owner=me"),
        ("Rob", "Nordwind is now: at risk. No Greek.", f"customers/{alone.pk}/"),
    ]


def test_without_an_owner_the_managers_hear_of_it(rita: Member, max: Member) -> None:
    customer = a_customer(a_company(name="Nordwind"))
    _fall("watch")
    told = ("Max", "Nordwind is now: watch. No Greek.", f"customers/{customer.pk}/")
    assert _told() == [told]


def test_an_owner_who_has_left_is_nobody(rita: Member, max: Member) -> None:
    mira = a_member(Role.MANAGER, name="Mira")
    for _ in range(2):
        a_customer(owner=rita)
    a_customer()
    Member.objects.filter(pk=rita.pk).update(left_at=NOW)
    _fall("watch")
    sentence, path = "3 customers fare worse now.", "customers/"
    assert _told() == [("Max", sentence, path), (mira.name, sentence, path)]


def test_where_nobody_manages_the_admins_hear_of_it(ada: Member, max: Member) -> None:
    Member.objects.filter(pk=max.pk).update(left_at=NOW)
    a_customer(a_company(name="Nordwind"))
    _fall()
    assert [name for name, _text, _path in _told()] == ["Ada"]


def test_a_manager_hears_of_own_and_nobodys_customers_at_once(max: Member) -> None:
    a_customer(owner=max)
    a_customer()
    _fall()
    told = ("Max", "2 customers fare worse now, 2 of them are at risk.", "customers/")
    assert _told() == [told]


@pytest.mark.parametrize("among", [1, 12])
def test_telling_takes_as_many_statements_for_many_as_for_one(
    rita: Member, max: Member, among: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(among):
        a_customer(owner=rita)
        a_customer()
    health_rules((*NO_GREEK, "at_risk"))
    Customer.objects.update(health="good", health_rule=None)
    with django_assert_max_num_queries(22):
        judge_customers(None, now=NOW)
    assert Notice.objects.count() == 2
