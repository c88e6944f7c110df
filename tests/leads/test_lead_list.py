"""The list of leads: narrowed, sorted and paged by its address."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Workspace
from leads.columns import LEADS
from leads.models import Lead, LeadTag, Membership, Segment, Tag
from leads.queries.asking import LEAD_LIST
from leads.queries.listing import order_of
from tests.builders import a_campaign, a_company, a_custom_field, a_lead
from tests.clients import client_of
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADDRESS = "/w/acme/leads/"


@pytest.fixture
def browser(mara: Member) -> Client:
    return client_of(mara)


def names(browser: Client, query: str = "") -> list[str]:
    answer = browser.get(ADDRESS + query)
    assert answer.status_code == 200
    return [lead.name for lead in answer.context["page"].rows]


def test_an_empty_list_says_how_to_begin(browser: Client) -> None:
    assert "No leads yet" in browser.get(ADDRESS).content.decode()


def test_filters_narrow_and_combine(browser: Client, rita: Member, mara: Member) -> None:
    campaign = a_campaign()
    a_lead(name="Ann", stage="mql", lead_class="hot", owner=rita, source="fair")
    a_lead(name="Bob", stage="mql", lead_class="cold", owner=mara, campaign=campaign)
    a_lead(name="Cat", company=a_company(name="Nordwind"))
    assert names(browser, "?stage=mql") == ["Bob", "Ann"]
    assert names(browser, "?stage=mql&class=hot") == ["Ann"]
    assert names(browser, f"?owner={rita.pk}") == names(browser, "?source=fair") == ["Ann"]
    assert names(browser, "?owner=me") == names(browser, f"?campaign={campaign.pk}") == ["Bob"]
    assert names(browser, "?owner=nobody") == names(browser, "?q=nordw") == ["Cat"]
    assert "Nobody found" in browser.get(ADDRESS + "?q=zzz").content.decode()


def test_unknown_words_in_the_address_narrow_nothing(browser: Client) -> None:
    a_lead(name="Ann")
    for query in ("stage=x", "class=x", "owner=x", "campaign=x", "sort=x", "after=x", "q=%00"):
        assert names(browser, f"?{query}") == ["Ann"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("-score", "BAC"),
        ("score", "CAB"),
        ("-last", "CAB"),
        ("-created", "CBA"),
        ("created", "ABC"),
    ],
)
def test_sorting_puts_the_unknown_last_of_the_best(
    browser: Client, sort: str, expected: str
) -> None:
    a_lead(name="A", score=10, created_at=NOW, last_activity_at=NOW + timedelta(days=4))
    a_lead(name="B", score=20, created_at=NOW + timedelta(days=1))
    at = NOW + timedelta(days=2)
    a_lead(name="C", score=None, created_at=at, last_activity_at=NOW + timedelta(days=5))
    assert names(browser, f"?sort={sort}") == list(expected)


@pytest.mark.parametrize("sort", ["-score", "-last", "-created"])
def test_paging_shows_everybody_once(browser: Client, sort: str) -> None:
    Lead.objects.bulk_create(
        [Lead(name=f"L{n}", score=n % 7 if n % 3 else None, created_at=NOW) for n in range(120)]
    )
    seen, cursor = [], ""
    while True:
        page = browser.get(f"{ADDRESS}?sort={sort}&after={cursor}").context["page"]
        seen += [lead.name for lead in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert sorted(seen) == sorted(f"L{n}" for n in range(120))


@pytest.mark.parametrize(
    "cursor", ["WyJ4IiwieSJd", "WyJcdTAwMDAiLCJcdWQ4MDAiXQ", "W251bGwsbnVsbF0", "W3t9LFtdXQ", "%00"]
)
def test_a_cursor_that_is_not_ours_shows_the_first_page(browser: Client, cursor: str) -> None:
    a_lead(name="Ann")
    for sort in ("-created", "-score", "-last"):
        assert names(browser, f"?sort={sort}&after={cursor}") == ["Ann"]
        assert names(browser, f"?sort={sort}&before={cursor}") == ["Ann"]


@pytest.mark.parametrize("sort", LEADS.sorts)
def test_every_page_begins_in_the_index(world: World, sort: str) -> None:
    a_lead(score=7)
    order = order_of(LEADS, f"-{sort}", "-created")
    value = 7 if sort == "score" else NOW.isoformat()
    beyond = order.beyond([value, str(a_lead().pk)], is_back=False)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(
            f"EXPLAIN SELECT FROM leads_lead lead WHERE lead.workspace_id = %s {beyond.text}"
            f" ORDER BY {order.sql()} LIMIT 50",
            [world.acme.pk, *beyond.params],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Sort" not in plan
    assert "Index Cond: ((workspace_id = " in plan
    assert "AND (ROW(" in plan.partition("Index Cond")[2].partition("\n")[0]


def test_nobody_of_another_workspace_is_listed(browser: Client, globex: Workspace) -> None:
    with inside(globex.pk):
        a_lead(name="Spy", source="secret")
    page = browser.get(ADDRESS).content.decode()
    assert "Spy" not in page
    assert "secret" not in page


def test_columns_are_chosen_and_moved(browser: Client) -> None:
    a_custom_field("fleet_size", "number")
    a_custom_field("site", "link")
    own = {"fleet_size": 12, "site": "javascript:alert(1)"}
    a_lead(name="Ann", attributes=own, email="ann@x.example")
    asked = "columns=email&columns=attributes.fleet_size,attributes.site&columns=nonsense"
    page = browser.get(f"{ADDRESS}?{asked}")
    shown = [column.name for column in page.context["columns"]]
    assert shown == ["email", "attributes.fleet_size", "attributes.site"]
    assert page.context["page"].rows[0].values == ["ann@x.example", 12, "javascript:alert(1)"]
    assert 'href="javascript' not in page.content.decode()
    moved = browser.get(f"{ADDRESS}?{asked}&down=email&panel=columns")
    assert moved.status_code == 302
    again = browser.get(moved["Location"].partition("#")[0]).context["columns"]
    assert [column.name for column in again] == [shown[1], shown[0], shown[2]]


def test_the_time_in_the_stage_is_counted_in_midnights_of_the_workspace(
    browser: Client, acme: Workspace, django_assert_num_queries: Any
) -> None:
    now = timezone.now()
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        Workspace.objects.filter(pk=acme.pk).update(time_zone=zone)
        midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        Lead.objects.all().delete()
        a_lead(stage_entered_at=midnight - timedelta(seconds=1), name="Yesterday")
        a_lead(stage_entered_at=midnight + timedelta(seconds=1), name="Today")
        condition = json.dumps({"field": "days_in_stage", "is": 1})
        browser.get(ADDRESS, {"columns": "days_in_stage", "condition": condition})
        asked = {"columns": "days_in_stage", "sort": "created"}
        with django_assert_num_queries(6):
            page = browser.get(ADDRESS, asked).context["page"]
        assert [(row.name, *row.values) for row in page.rows] == [("Yesterday", 1), ("Today", 0)]
        found = browser.get(ADDRESS, {**asked, "condition": condition}).context["page"]
        assert [row.name for row in found.rows] == ["Yesterday"]


def test_own_fields_of_any_kind_are_shown(browser: Client, rita: Member) -> None:
    values = {
        "text": "x", "number": 2.5, "money": 123_450, "date": "2026-03-02", "choice": "a",
        "choices": ["a", "b"], "yes_no": True, "link": "https://x.example/", "person": str(rita.pk),
    }  # fmt: skip
    for kind in values:
        a_custom_field(kind, kind)
    a_lead(attributes=values)
    a_lead(attributes=dict.fromkeys(values, "odd"))
    a_lead(attributes={kind: [1] for kind in values})
    columns = ",".join(f"attributes.{kind}" for kind in values)
    page = browser.get(f"{ADDRESS}?columns={columns}")
    assert page.status_code == 200
    text = page.content.decode()
    for shown in ("2.5", "1,234.50", "2026-03-02", "a, b", "Yes", "x.example", rita.name):
        assert f">{shown}<" in text or f"{shown}</td>" in text, shown


def test_facets_count_what_the_list_shows(
    browser: Client, rita: Member, django_assert_max_num_queries: Any
) -> None:
    campaign = a_campaign(name="Fair")
    a_lead(stage="mql", owner=rita, source="fair", campaign=campaign, country="Greece")
    a_lead(stage="mql", lead_class="hot", country="Greece")
    a_lead(stage="lead", country="Norway")
    tag = Tag.objects.create(name="VIP", key="vip")
    LeadTag.objects.create(lead=a_lead(name="Vip"), tag=tag)
    with django_assert_max_num_queries(12):
        page = browser.get(f"{ADDRESS}?stage=mql&panel=filters")
    found = {
        str(facet["label"]): {value["label"]: value["count"] for value in facet["values"]}
        for facet in page.context["facets"]
    }
    assert found["Country"] == {"Greece": 2}
    assert found["Owner"] == {rita.name: 1}
    assert found["Campaign"] == {"Fair": 1}
    assert found["Tag"] == {"VIP": None}
    assert names(browser, f"?tag={tag.pk}") == ["Vip"]
    assert names(browser, "?country=Norway&stage=lead")


def test_a_segment_narrows_to_who_is_in_it_now(browser: Client) -> None:
    segment = Segment.objects.create(name="S")
    inside_now, before = a_lead(name="In"), a_lead(name="Out")
    Membership.objects.create(segment=segment, lead=inside_now, entered_at=NOW)
    Membership.objects.create(segment=segment, lead=before, entered_at=NOW, left_at=NOW)
    assert names(browser, f"?segment={segment.pk}") == ["In"]


@pytest.mark.parametrize("name", LEAD_LIST.words)
@pytest.mark.parametrize("value", ["x", "%00", "\ud800", "9" * 400, "[[[", "-1", "%%s%(x)s", "'"])
def test_no_word_of_an_address_breaks_the_list(browser: Client, name: str, value: str) -> None:
    asked = {
        name: value.encode("utf-8", "replace").decode(),
        "columns": value.replace("\ud800", ""),
    }
    answer = browser.get(ADDRESS, {**asked, "panel": "filters", "sort": "-score"})
    assert answer.status_code == 200


def test_what_strangers_typed_is_text(browser: Client) -> None:
    a_lead(name="<b>Ann</b>", source='"><script>', company=a_company(name="<i>Firm"))
    page = browser.get(ADDRESS).content.decode()
    assert "&lt;b&gt;Ann&lt;/b&gt;" in page
    for tag in ("<b>Ann", "<i>Firm", '"><script>'):
        assert tag not in page


def test_a_full_page_states_its_queries(browser: Client, django_assert_num_queries: Any) -> None:
    company = a_company()
    for _ in range(60):
        a_lead(company=company)
    browser.get(ADDRESS)
    # session, user, door with the workspaces, member; whether scores are shown; views; rows and
    # their number
    with django_assert_num_queries(6):
        browser.get(ADDRESS)
