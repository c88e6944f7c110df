"""The funnel and the journey: counts worked out by hand, and bars that open whom they count."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from funnel.models import StageMove
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from leads.models import Lead, Segment
from reports.period import Period
from reports.queries.ways import Counted, stayed, who
from reports.scope import Counting, Scope
from reports.ways import WAYS, Asked, walk
from tests.builders import a_company, a_deal, a_key, a_lead, a_segment, a_visitor, an_activity
from tests.clients import api_of, client_of

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), "Europe/Athens")
QUERY = "?from=2026-06-01&to=2026-06-30"


def on(day: int, month: int = 6) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def came(born: datetime, *moves: datetime, **given: Any) -> Lead:
    lead = a_lead(created_at=born, first_seen_at=born, **given)
    before = "lead"
    for stage, at in zip(("mql", "sql", "customer"), moves, strict=False):
        told = {"from_stage": before, "to_stage": stage, "moved_at": at, "reason": "", "cycle": 1}
        StageMove.objects.create(lead=lead, **told)
        before = stage
    return lead


@pytest.fixture
def segment(world: object) -> Segment:
    """Two of one firm, one of whom bought twice; one of May; one alone."""
    firm = a_company()
    anna = came(on(1), on(3), on(10), on(20), company=firm, source="google")
    came(on(2), on(8), company=firm)
    came(on(20, 5), on(4), on(5), company=a_company())
    came(on(25))
    a_deal(anna, status="won", closed_at=on(20))
    a_deal(anna, status="won", closed_at=on(28))
    return a_segment(anna)


def counts(way: str, **asked: Any) -> list[int]:
    scope = asked.pop("scope", Scope(JUNE))
    return [each.taken.count for each in walk(way, Asked(scope, **asked))]


@pytest.mark.usefixtures("segment")
@pytest.mark.parametrize(
    ("way", "counting", "counted", "expected"),
    [
        ("funnel", Counting.PERIOD, Counted.PEOPLE, [3, 3, 2, 1]),
        ("funnel", Counting.COHORT, Counted.PEOPLE, [3, 2, 1, 1]),
        ("funnel", Counting.PERIOD, Counted.COMPANIES, [1, 2, 2, 1]),
        ("funnel", Counting.COHORT, Counted.COMPANIES, [1, 1, 1, 1]),
        ("journey", Counting.PERIOD, Counted.PEOPLE, [3, 3, 1, 1]),
        ("journey", Counting.COHORT, Counted.COMPANIES, [1, 1, 1, 1]),
    ],
)
def test_each_bar_counts_and_opens_the_same(
    way: str, counting: Counting, counted: Counted, expected: list[int]
) -> None:
    scope = Scope(JUNE, counting)
    assert counts(way, scope=scope, counted=counted) == expected
    opened = [who(step.key, scope, counted, None).count() for step in WAYS[way]]
    assert opened == expected


def test_limits_narrow_count_and_rows_alike(segment: Segment) -> None:
    for asked in ({"segment_id": segment.pk}, {"scope": Scope(JUNE, source="google")}):
        assert counts("funnel", **asked) == [1, 1, 1, 1]
    assert who("began", Scope(JUNE), Counted.PEOPLE, segment.pk).count() == 1


@pytest.mark.usefixtures("segment")
def test_the_time_between_steps_is_the_median() -> None:
    medians = [each.taken.median for each in walk("funnel", Asked(Scope(JUNE, Counting.COHORT)))]
    assert medians == [None, timedelta(days=2), timedelta(days=7), timedelta(days=10)]


@pytest.mark.usefixtures("segment")
def test_time_in_a_stage_is_of_those_who_left_it() -> None:
    found = {each.stage: each for each in stayed(Scope(JUNE), None)}
    assert (found["sql"].count, found["sql"].median) == (1, timedelta(days=10))
    assert (found["mql"].count, found["mql"].average) == (2, timedelta(days=4))


@pytest.mark.usefixtures("segment")
@pytest.mark.parametrize(("name", "queries"), [("funnel", 7), ("journey", 8)])
def test_the_page_states_its_queries(
    ana: Member, name: str, queries: int, django_assert_num_queries: Any
) -> None:
    client, address = client_of(ana), workspace_reverse(f"reports:{name}") + QUERY
    client.get(address)
    with django_assert_num_queries(queries):
        page = client.get(address).content.decode()
    assert "ways/people/mql/" in page


@pytest.mark.usefixtures("segment")
@pytest.mark.parametrize(("counted", "shown"), [("people", "1 person"), ("companies", "1 company")])
def test_a_bar_opens_its_rows(ana: Member, counted: str, shown: str) -> None:
    address = workspace_reverse("reports:step_list", counted=counted, step="again") + QUERY
    assert shown in client_of(ana).get(address).content.decode()
    lost = workspace_reverse("reports:step_list", counted=counted, step="vip")
    assert client_of(ana).get(lost).status_code == 404


@pytest.mark.usefixtures("segment")
def test_both_are_told_over_the_api(ada: Member) -> None:
    client = api_of(a_key(ada))
    told = client.get(f"/api/v1/funnel/{QUERY}&counted=companies").json()["results"]
    assert [each["count"] for each in told] == [1, 2, 2, 1]
    told = client.get(f"/api/v1/journey/{QUERY}&counting=cohort").json()["results"]
    assert [each["key"] for each in told] == ["began", "mql", "bought", "again"]
    assert told[1]["median_days"] == 2
    assert client.get("/api/v1/funnel/?counted=cats").status_code == 422


@pytest.mark.usefixtures("segment")
@pytest.mark.parametrize("way", ["funnel", "journey"])
@pytest.mark.parametrize("counted", ["people", "companies"])
def test_each_step_leads_to_its_rows_over_the_api(ada: Member, way: str, counted: str) -> None:
    client = api_of(a_key(ada))
    told = client.get(f"/api/v1/{way}/{QUERY}&counted={counted}&counting=cohort").json()["results"]
    assert sum(each["count"] for each in told) >= 4
    for step in told:
        rows = client.get(step["rows"]).json()["results"]
        assert len(rows) == step["count"], step["key"]
        assert all(("domain" in row) == (counted == "companies") for row in rows)
    assert client.get(f"/api/v1/{way}/vip/rows/").status_code == 404


def test_the_journey_begins_with_visits(ada: Member, segment: Segment) -> None:
    client = api_of(a_key(ada))
    for day in (2, 9):
        an_activity(kind="visit", visitor=a_visitor(), occurred_at=on(day))
    told = client.get(f"/api/v1/journey/{QUERY}").json()
    assert told["visits"] == 2
    assert len(client.get(told["visits_rows"]).json()["results"]) == 2
    assert client.get(f"/api/v1/funnel/{QUERY}").json()["visits"] is None
    of_some = client.get(f"/api/v1/journey/{QUERY}&segment={segment.pk}").json()
    assert (of_some["visits"], of_some["visits_rows"]) == (None, None)
