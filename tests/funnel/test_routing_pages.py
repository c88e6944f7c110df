"""Writing, trying and publishing the rules by which leads get an owner."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from funnel.actions.stages import enter_stage
from funnel.models import Assignment, RoutingPlan, RoutingRule, Share, ShareChange, Target, Wait
from funnel.routing import rehearsing
from funnel.routing.drafting import RuleWords, start_draft
from funnel.routing.giving import route_leads
from leadmgmt.workspaces.actions.working_times import note_absence
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Scope, Team, VersionState
from leads.models import Lead
from tests.builders import a_draft_of, a_key, a_lead, a_plan, a_team
from tests.clients import api_of, client_of, drain
from tests.worlds import World

GREEK = {"field": "country", "is": "Greece"}


@pytest.fixture
def south(world: World) -> Team:
    return a_team("South", world.rita, world.rob)


def at(name: str, **given: Any) -> str:
    return workspace_reverse(f"funnel:{name}", **given)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_manager_writes_a_rule_tries_it_and_publishes(world: World, south: Team) -> None:
    client = client_of(world.max)
    assert "Routing is off" in text_of(client.get(at("routing")))
    client.post(at("routing_draft_start"))
    rule = {
        **a_draft_of(GREEK),
        "name": "Greece",
        "target": "team",
        "team": str(south.pk),
        "otherwise": "hold",
    }
    answer = client.post(at("routing_rule_add"), {**rule, "save": "1"})
    assert answer.status_code == 302, text_of(answer)
    names = list(RoutingRule.objects.order_by("position").values_list("name", flat=True))
    assert names == ["Greece", "Everybody else"]
    assert client.get(at("routing_dry_run")).status_code == 200
    client.post(at("routing_publish"), {"reason": "We have a team in the south"})
    plan = RoutingPlan.objects.get()
    assert (plan.number, plan.state, plan.published_by) == (1, VersionState.PUBLISHED, world.max)
    assert "Team South, in turn" in text_of(client.get(at("routing")))


def test_a_rule_without_a_team_is_refused_at_its_field(world: World, south: Team) -> None:
    start_draft(by=None, now=timezone.now())
    rule = {**a_draft_of(GREEK), "name": "Greece", "target": "team", "otherwise": "hold"}
    answer = client_of(world.max).post(at("routing_rule_add"), {**rule, "save": "1"})
    assert answer.status_code == 422
    assert "Choose a team that is still at work." in text_of(answer)


def test_the_last_resort_stays_last(world: World, south: Team) -> None:
    a_plan(RuleWords("A", GREEK, team=south), RuleWords("B", GREEK, team=south), RuleWords(
        "Everybody else", target=Target.POOL
    ))  # fmt: skip
    client = client_of(world.max)
    client.post(at("routing_draft_start"))
    rules = RoutingRule.objects.filter(plan__state="draft").order_by("position")
    _a, b, last = rules
    client.post(at("routing_rule_move", id=b.pk), {"to": "down"})
    client.post(at("routing_rule_move", id=b.pk), {"to": "up"})
    client.post(at("routing_rule_remove", id=last.pk))
    assert [each.name for each in rules.all()] == ["B", "A", "Everybody else"]


def test_publishing_may_give_out_the_pool(world: World, south: Team) -> None:
    lead = a_lead(stage="mql")
    a_plan(RuleWords("All", team=south, minds_hours=False), is_applied=True)
    drain()
    lead.refresh_from_db()
    assert lead.owner in (world.rita, world.rob)


def test_publishing_alone_leaves_the_pool_as_it_is(world: World, south: Team) -> None:
    lead = a_lead(stage="mql")
    a_plan(RuleWords("All", team=south, minds_hours=False))
    drain()
    lead.refresh_from_db()
    assert lead.owner is None


def test_what_a_member_gets_is_said_on_the_page_of_the_team(world: World, south: Team) -> None:
    client = client_of(world.max)
    address = at("team_share", id=south.pk, member=world.rita.pk)
    answer = client.post(address, {"weight": "3", "capacity": "40", "save": "1"})
    assert answer.status_code == 302, text_of(answer)
    share = Share.objects.get()
    assert (share.weight, share.capacity, share.territory) == (3, 40, {})
    assert "40" in text_of(client.get(at("team_shares", id=south.pk)))


def test_who_changed_what_a_member_gets_is_told(
    world: World, south: Team, django_assert_num_queries: Any
) -> None:
    client = client_of(world.max)
    address = at("team_share", id=south.pk, member=world.rita.pk)
    page = at("team_shares", id=south.pk)
    assert "Nothing has changed" in text_of(client.get(page))
    greek = a_draft_of(GREEK)
    where = {name.replace("condition", "territory", 1): each for name, each in greek.items()}
    for _click in range(2):
        client.post(address, {"weight": "3", "capacity": "40", "save": "1", **where})
    client.post(address, {"weight": "3", "capacity": "", "save": "1"})
    kept = ShareChange.objects.order_by("id").values_list("field", "old", "new", "by__name")
    assert list(kept) == [
        ("weight", 1, 3, "Max"),
        ("capacity", None, 40, "Max"),
        ("territory", "", "Country is “Greece”", "Max"),
        ("capacity", 40, None, "Max"),
        ("territory", "Country is “Greece”", "", "Max"),
    ]
    with django_assert_num_queries(7):
        shown = text_of(client.get(page))
    for sentence in ("Turns: 1 → 3", "any → 40", "Territory: Country is “Greece” → Everywhere"):
        assert sentence in shown
    key = api_of(a_key(world.ada))
    share = {"member": str(world.rob.pk), "weight": 2, "by": str(world.ada.pk)}
    key.put(f"/api/v1/teams/{south.pk}/shares/", share)
    (latest, *_) = key.get(f"/api/v1/teams/{south.pk}/shares/history/").json()["results"]
    assert (latest["field"], latest["old"], latest["new"]) == ("weight", 1, 2)
    assert (latest["member"], latest["by"]) == (str(world.rob.pk), str(world.ada.pk))


def test_who_waits_is_listed_with_the_reason(
    world: World, south: Team, django_assert_max_num_queries: Any
) -> None:
    today = timezone.localdate()
    for member in (world.rita, world.rob):
        note_absence(
            member, from_on=today, until_on=today + timedelta(days=9), word="Holiday", by=None
        )
    a_plan(RuleWords("All", team=south))
    leads = [a_lead(stage="mql", name=f"Nobody's {n}") for n in range(5)]
    route_leads([each.pk for each in leads], now=timezone.now())
    client = client_of(world.rita)
    with django_assert_max_num_queries(12):
        page = text_of(client.get(at("routing_waiting")))
    assert "Nobody&#x27;s 0" in page
    assert "Nobody eligible" in page
    lead_page = client.get(workspace_reverse("leads:lead", id=leads[0].pk))
    assert "Nobody eligible: rule 1" in text_of(lead_page)


def test_the_page_of_a_lead_says_why(world: World, south: Team) -> None:
    a_plan(RuleWords("All", team=south, minds_hours=False))
    lead = a_lead(stage="mql")
    route_leads([lead.pk], now=timezone.now())
    page = text_of(client_of(world.max).get(workspace_reverse("leads:lead", id=lead.pk)))
    assert "round robin in team South" in page


class TestDryRun:
    def test_it_says_who_would_have_got_what_and_writes_nothing(
        self, world: World, south: Team
    ) -> None:
        now = timezone.now()
        leads = [a_lead(country="Greece", owner=world.max) for _ in range(6)]
        enter_stage([each.pk for each in leads], stage="mql", reason="Fits", now=now)
        a_plan(RuleWords("All", team=south, minds_hours=False, keeps_company=False))
        client = api_of(a_key(world.ada, Scope.LEADS_READ))
        told = client.get("/api/v1/routing/dry-run/", {"draft": "false"}).json()
        assert (told["total"], told["nobody"], told["pool"]) == (6, 0, 0)
        assert {row["name"]: (row["would"], row["has"]) for row in told["rows"]} == {
            "Rita": (3, 0),
            "Rob": (3, 0),
            "Max": (0, 6),
        }
        assert "round robin in team South" in told["examples"][0]["why"]
        assert not Assignment.objects.exists()
        assert not Share.objects.exists()
        assert Lead.objects.filter(owner=world.max).count() == 6

    def test_it_says_when_it_tried_only_some(
        self, world: World, south: Team, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        leads = [a_lead() for _ in range(3)]
        enter_stage([each.pk for each in leads], stage="mql", reason="Fits", now=timezone.now())
        a_plan(RuleWords("All", team=south, minds_hours=False))
        start_draft(by=None, now=timezone.now())
        client, api = client_of(world.max), api_of(a_key(world.ada))
        sentence = "3 people became MQLs in this time. The dry run tries at most 2 of them"
        for most, found, is_cut in ((2, 2, True), (3, 3, False)):
            monkeypatch.setattr(rehearsing, "MOST", most)
            told = api.get("/api/v1/routing/dry-run/").json()
            assert (told["found"], told["total"], told["is_cut"]) == (3, found, is_cut)
            assert (sentence in text_of(client.get(at("routing_dry_run")))) is is_cut

    def test_it_counts_whom_nobody_could_have_taken(self, world: World) -> None:
        lead = a_lead()
        enter_stage([lead.pk], stage="mql", reason="Fits", now=timezone.now())
        a_plan(RuleWords("All", team=a_team("Empty"), minds_hours=False))
        client = api_of(a_key(world.ada, Scope.LEADS_READ))
        told = client.get("/api/v1/routing/dry-run/", {"draft": "false"}).json()
        assert (told["nobody"], told["examples"][0]["lack"]) == (1, "nobody")
        assert not Wait.objects.exists()


def test_the_api_writes_publishes_and_switches_off(world: World, south: Team) -> None:
    key = api_of(a_key(world.ada, Scope.LEADS_READ, Scope.ROUTING_WRITE))
    assert key.get("/api/v1/routing/").status_code == 404
    rules = [
        {"name": "Greece", "condition": GREEK, "team": str(south.pk)},
        {"name": "Everybody else", "target": "pool"},
    ]
    draft = key.put("/api/v1/routing/draft/", {"rules": rules}).json()
    assert [each["when"] for each in draft["rules"]][1] == "Everybody no rule above takes"
    plan = key.post("/api/v1/routing/draft/publish/", {"reason": "Begin"}).json()
    assert plan["plan"]["number"] == 1
    assert len(key.get("/api/v1/routing/versions/").json()["results"]) == 1
    share = {"member": str(world.rita.pk), "weight": 2, "capacity": 9}
    told = key.put(f"/api/v1/teams/{south.pk}/shares/", share).json()
    assert {each["member"]: each["weight"] for each in told} == {
        str(world.rita.pk): 2,
        str(world.rob.pk): 1,
    }
    lead = a_lead(stage="mql", country="Greece")
    route_leads([lead.pk], now=timezone.now())
    answers = [key.get("/api/v1/assignments/", {"lead": str(lead.pk)}).json()["results"]]
    answers.append(key.get("/api/v1/routing/waiting/").json()["results"])
    assert sum(len(each) for each in answers) == 1  # the office may be closed now
    assert key.post("/api/v1/routing/off/").status_code == 204
    assert key.get("/api/v1/routing/").status_code == 404


def test_a_plan_whose_last_rule_asks_something_is_refused(world: World, south: Team) -> None:
    key = api_of(a_key(world.ada, Scope.ROUTING_WRITE))
    rules = [{"name": "Greece", "condition": GREEK, "team": str(south.pk)}]
    answer = key.put("/api/v1/routing/draft/", {"rules": rules})
    assert answer.status_code == 422
    assert "last resort" in answer.json()["detail"]
