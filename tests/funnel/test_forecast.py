"""The forecast: by month and owner, and every number opens the deals behind it."""

import re
from datetime import date, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from funnel.actions.closing_deals import lose_deal
from funnel.actions.pipelines import add_pipeline, first_stage
from funnel.models import PipelineStage
from funnel.queries.forecast import forecast_of
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace
from tests.builders import a_deal, a_key
from tests.clients import api_of, client_of

TODAY = date(2026, 6, 10)

pytestmark = pytest.mark.usefixtures("world")


def in_stage(position: int) -> PipelineStage:
    pipeline = first_stage().pipeline
    stage: PipelineStage = PipelineStage.objects.get(pipeline=pipeline, position=position)
    return stage


@pytest.fixture
def browser(rita: Member) -> Client:
    return client_of(rita)


def test_months_are_weighed_and_those_without_a_day_come_last(rita: Member, rob: Member) -> None:
    a_deal(amount=1_000, margin=0, expected_on=date(2026, 7, 1), owner=rita)
    a_deal(amount=100, margin=0, expected_on=date(2026, 7, 31), owner=rob, stage=in_stage(2))
    a_deal(amount=10, margin=0, expected_on=date(2026, 7, 9), owner=rob, stage=in_stage(3))
    a_deal(amount=500, margin=0, expected_on=date(2026, 8, 1), probability=50)
    a_deal(amount=None, margin=None)
    july, august, never = forecast_of(today=TODAY)
    assert (july.first, july.sum.deals, july.sum.amount) == (date(2026, 7, 1), 3, 1_110)
    assert july.sum.weighted == 200 + 60 + 9
    assert (july.sum.best_case, july.sum.committed) == (110, 10)
    assert [(row.name, row.amount) for row in july.owners] == [("Rita", 1_000), ("Rob", 110)]
    assert august.sum.weighted == 250
    assert (never.first, never.sum.deals, never.sum.unpriced) == (None, 1, 1)


def test_what_is_overdue_counts_for_this_month_and_is_named() -> None:
    a_deal(amount=1_000, margin=0, expected_on=date(2026, 2, 1))
    a_deal(amount=1_000, margin=0, expected_on=date(2026, 6, 10))
    [june] = forecast_of(today=TODAY)
    assert (june.first, june.sum.deals, june.sum.late) == (date(2026, 6, 1), 2, 1)


def test_decided_deals_and_other_pipelines_are_left_out(rita: Member) -> None:
    lose_deal(a_deal(), reason="Dear", by=rita, now=timezone.now())
    other = add_pipeline(name="Renewals")
    a_deal(amount=7, margin=0, stage=other.stages.get(position=0))
    assert forecast_of(today=TODAY, pipeline=in_stage(0).pipeline_id) == []
    assert forecast_of(today=TODAY, pipeline=other.pk)[0].sum.amount == 7


def test_every_number_opens_its_deals(browser: Client, rita: Member, rob: Member) -> None:
    today = timezone.localdate()
    day = today + timedelta(days=40)
    a_deal(name="Of Rita", expected_on=day, owner=rita, stage=in_stage(3))
    a_deal(name="Of Rob", expected_on=day, owner=rob)
    a_deal(name="Overdue", expected_on=today - timedelta(days=90), owner=None)
    a_deal(name="Whenever", owner=rob)
    page = browser.get(workspace_reverse("funnel:forecast"))
    said = page.content.decode()
    rows = [row for month in page.context["months"] for row in (month.sum, *month.owners)]
    shown = re.findall(r'<a href="([^"]+month=[^"]+)">(\d+)</a>', said)
    assert [int(count) for _, count in shown] == [row.deals for row in rows]
    for address, count in shown:
        listed = browser.get(unescape(address)).context["page"]
        assert listed.total == int(count), address
    committed = [
        each for each in re.findall(r'href="([^"]+committed)"', said) if "owner" not in each
    ]
    names = [deal.name for deal in browser.get(unescape(committed[1])).context["page"].rows]
    assert names == ["Of Rita"]
    assert "overdue" in said
    assert "Without a date" in said


def test_the_forecast_asks_as_often_for_many_deals(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        a_deal(expected_on=date(2026, 1 + number, 5))
    browser.get(workspace_reverse("funnel:forecast"))
    with django_assert_max_num_queries(6):
        browser.get(workspace_reverse("funnel:forecast"))


def test_the_list_is_put_in_order_and_narrowed(browser: Client, rita: Member) -> None:
    a_deal(name="Small", amount=50_000, owner=rita)
    a_deal(name="Big", amount=90_000, stage=in_stage(1))
    a_deal(name="Unknown", amount=None, margin=None)
    address = workspace_reverse("funnel:deal_list")

    def listed(**query: str) -> list[str]:
        return [deal.name for deal in browser.get(address, query).context["page"].rows]

    assert listed(sort="-value") == ["Big", "Small", "Unknown"]
    assert listed(sort="value") == ["Unknown", "Small", "Big"]
    assert listed(owner=str(rita.pk)) == ["Small"]
    assert set(listed(owner="nobody")) == {"Big", "Unknown"}
    assert listed(stage=str(in_stage(1).pk)) == ["Big"]
    assert browser.get(address, {"stage": str(in_stage(1).pk)}).context["sum"].amount == 90_000
    for odd in ("x", "9999-12", "0000-00", "2026-13", "\x00"):
        answer = browser.get(address, {"month": odd, "owner": odd, "sort": odd, "stage": odd})
        assert answer.status_code == 200


def test_programs_read_the_forecast(ada: Member, rita: Member) -> None:
    a_deal(amount=1_000, margin=0, owner=rita)
    [row] = api_of(a_key(ada)).get("/api/v1/forecast/").json()
    assert (row["month"], row["owner"], row["weighted"]) == (None, str(rita.pk), 200)


def test_programs_are_told_what_is_overdue_where_the_workspace_is(ada: Member) -> None:
    utc = timezone.now().date()
    zones = ("Pacific/Kiritimati", "Etc/GMT+12")  # in one of them it is another day
    days = {zone: timezone.now().astimezone(ZoneInfo(zone)).date() for zone in zones}
    zone, here = next((zone, day) for zone, day in days.items() if day != utc)
    Workspace.objects.filter(pk=ada.workspace.pk).update(time_zone=zone)
    for day in (utc, here):
        a_deal(expected_on=day)
    rows = api_of(a_key(ada)).get("/api/v1/forecast/").json()
    assert sum(row["late"] for row in rows) == (utc < here)
