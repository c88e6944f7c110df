"""The builder of conditions: drawn, changed row by row, read back, counted."""

from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings

from leadmgmt.workspaces.addresses import workspace_reverse
from leads.conditions import known_fields, matching, parse
from leads.conditions.building.drafts import draft_of
from leads.conditions.building.form import ConditionField
from leads.conditions.building.posting import posted
from leads.conditions.building.trees import tree_of
from leads.models import CustomField, Segment, Tag
from tests.builders import a_draft_of, a_lead, an_activity
from tests.clients import client_of
from tests.leads.conditions.oracle import Person
from tests.leads.conditions.people import NOW, people
from tests.leads.conditions.trees import TREES
from tests.worlds import World


class SegmentForm(forms.Form):
    condition = ConditionField()


def read(values: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


@pytest.fixture
def browser(mara: Any) -> Client:
    return client_of(mara)


@pytest.fixture
def crowd(world: World) -> dict[UUID, Person]:
    return people(world.acme, count=12)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(tree=TREES)
def test_what_is_drawn_and_posted_means_the_same(
    tree: dict[str, Any], crowd: dict[UUID, Person]
) -> None:
    draft = posted(read(a_draft_of(tree)), "condition")

    assert draft is not None
    assert [path for path, _part in draft.walk()] == [
        path for path, _part in draft_of(parse(tree).root).walk()
    ]
    again = parse(tree_of(draft, known_fields()))
    assert set(matching(again, NOW)) == set(matching(parse(tree), NOW))
    form = SegmentForm(read(a_draft_of(tree)))
    assert form.is_valid(), form.errors
    assert 'data-part="test"' in str(form["condition"])


def test_everything_one_can_ask_about_is_offered(browser: Client, world: World) -> None:
    CustomField.objects.create(key="budget", label="Budget", kind="money")
    Tag.objects.create(name="VIP", key="vip")
    Segment.objects.create(name="Warm")
    draft = a_draft_of({"any": [{"field": "tags", "has": [str(UUID(int=1))]}]})
    url = workspace_reverse("leads:condition_edit")

    page = browser.post(url, draft | {"condition-act": "add:r"}).content.decode()

    for each in ("Person", "Company", "Standing", "Activity", "Tags and segments"):
        assert f'<optgroup label="{each}">' in page
    for each in ("Budget", "Days in this stage", "Viewed a page", "Segments", "VIP"):
        assert f">{each}<" in page


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        ("add:r", ["r", "r.0", "r.1", "r.1.0", "r.2"]),
        ("group:r.1", ["r", "r.0", "r.1", "r.1.0", "r.1.1", "r.1.1.0"]),
        ("where:r.0", ["r", "r.0", "r.0.0", "r.1", "r.1.0"]),
        ("drop:r.0", ["r", "r.0", "r.0.0"]),
        ("drop:r.1.0", ["r", "r.0", "r.1"]),
        ("drop:r", ["r", "r.0", "r.1", "r.1.0"]),
        ("drop:r.9", ["r", "r.0", "r.1", "r.1.0"]),
        ("add:r.x", ["r", "r.0", "r.1", "r.1.0"]),
        ("explode:r", ["r", "r.0", "r.1", "r.1.0"]),
    ],
)
def test_a_button_adds_or_removes_one_part(browser: Client, asked: str, paths: list[str]) -> None:
    tree = {"all": [{"activity": "visit"}, {"any": [{"field": "city", "is": "Pune"}]}]}
    url = workspace_reverse("leads:condition_edit")

    page = browser.post(url, a_draft_of(tree) | {"condition-act": asked}).content.decode()

    drawn = page.split('name="condition-part" value="')[1:]
    assert [each.partition('"')[0] for each in drawn] == paths


def test_another_field_brings_its_own_tests(browser: Client) -> None:
    draft = a_draft_of({"field": "city", "contains": "Pu"}) | {"condition-r.0-about": "created_at"}

    page = browser.post(workspace_reverse("leads:condition_edit"), draft).content.decode()

    assert 'value="within_days"' in page
    assert 'value="contains"' not in page


def test_the_count_says_who(browser: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        an_activity(a_lead(name=f"Ann {number}"), kind="visit")
    a_lead(name="Bob")
    draft = a_draft_of({"activity": "visit", "within_days": 30})

    with django_assert_max_num_queries(13):
        page = browser.post(workspace_reverse("leads:condition_count"), draft).content.decode()

    assert "“Visited the site” happened in the last 30 days." in page
    assert "<strong>12</strong> leads now" in page
    assert page.count("<li>") == 10
    assert "Bob" not in page


def test_a_row_that_is_not_finished_is_no_fault(browser: Client) -> None:
    url = workspace_reverse("leads:condition_count")
    draft = a_draft_of({"field": "score", "is": 3})

    unfinished = browser.post(url, draft | {"condition-r.0-value": ""})
    wrong = browser.post(url, draft | {"condition-r.0-value": "many"})

    assert unfinished.status_code == wrong.status_code == 200
    assert "Fill in the row" in unfinished.content.decode()
    assert "must be a number" in wrong.content.decode()


def test_nothing_posted_is_not_found(browser: Client) -> None:
    assert browser.post(workspace_reverse("leads:condition_count"), {}).status_code == 404


def test_an_empty_condition_is_asked_for(world: World) -> None:
    form = SegmentForm(read(a_draft_of({"all": []})))

    assert form.errors == {"condition": ["Add a test."]}


def test_a_retired_field_stays_in_sight(world: World) -> None:
    tree = {"field": "attributes.size", "is": 3}
    CustomField.objects.create(
        key="size", label="Size", kind="number", retired_at="2026-01-01T00:00:00Z"
    )

    page = str(SegmentForm(initial={"condition": tree})["condition"])

    assert 'value="attributes.size" selected' in page
