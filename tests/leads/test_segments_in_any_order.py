"""Whatever happens to leads, and whenever workers hear of it, segments are what they ask for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadmgmt.kernel.drain import drain_workspace
from leadmgmt.kernel.events import publish
from leads.actions.activities import NewActivity, record_activities
from leads.actions.editing import change_lead
from leads.actions.filling import add_to_segment, remove_from_segment
from leads.actions.profiles import Door
from leads.actions.removing import put_back, take_out
from leads.actions.segments import change_segment, create_segment, restore_segment, retire_segment
from leads.actions.standing import ShownScore, assign_leads, place_leads, show_scores
from leads.actions.tagging import tag_called, tag_companies, untag_companies
from leads.conditions import matching, parse
from leads.events import TagsChanged
from leads.models import Lead, LeadTag, Membership, RemovedCause, Segment, SegmentKind, Tag, Via
from tests.builders import a_company, a_lead
from tests.clients import drain
from tests.worlds import World

VISITS = {"activity": "page_view"}
TREES: tuple[dict[str, Any], ...] = (
    {"field": "country", "is": "Greece"},
    {"any": [{**VISITS, "within_days": 3}, {"field": "score", "is_at_least": 50}]},
    {**VISITS, "at_least": 2},
    {"none": [VISITS, {"field": "owner", "is_known": True}]},
    {"all": [{"field": "stage", "is": "mql"}, {"field": "company.stage", "is": "mql"}]},
)

Act = Callable[["Crowd"], object]


class Crowd:
    """Five leads of one firm, one frozen segment, and live ones that also ask about each other."""

    def __init__(self, world: World) -> None:
        self.now, self.by = timezone.now(), world.mara
        self.firm = firm = a_company()
        self.leads = [a_lead(company=firm) for _ in range(5)]
        self.tag = Tag.objects.create(name="VIP", key="vip")
        self.frozen = self._make("Frozen", None)
        self.live = [self._make(f"Live {n}", tree) for n, tree in enumerate(TREES)]
        self.trusted = tag_called("Trusted")
        at_firm = {"field": "company.tags", "has": [str(self.trusted.pk)]}
        self.live.append(self._make("At a trusted firm", at_firm))
        named = [{"field": "tags", "has": [str(self.tag.pk)]}, self._asks("is_in", self.live[1])]
        self.live.append(self._make("Nested", {"any": named}))
        last = {"all": [self._asks("is_not_in", self.live[-1], self.frozen)]}
        self.live.append(self._make("Outermost", last))

    def _make(self, name: str, tree: dict[str, Any] | None) -> Segment:
        kind = SegmentKind.LIVE if tree else SegmentKind.FROZEN
        return create_segment(name=name, kind=kind, condition=tree, by=self.by, now=self.now)

    def _asks(self, operator: str, *segments: Segment) -> dict[str, Any]:
        return {"field": "segments", operator: [str(each.pk) for each in segments]}

    def is_there(self, lead: Lead) -> bool:
        return Lead.objects.filter(pk=lead.pk).exists()


def visits(lead: int, days_ago: int) -> Act:
    def act(crowd: Crowd) -> None:
        if crowd.is_there(crowd.leads[lead]):
            at = crowd.now - timedelta(days=days_ago)
            record_activities([NewActivity("page_view", at, crowd.leads[lead].pk)], now=crowd.now)

    return act


def moves(lead: int, country: str) -> Act:
    def act(crowd: Crowd) -> None:
        if found := Lead.objects.filter(pk=crowd.leads[lead].pk).first():
            change_lead(found, changes={"country": country}, now=crowd.now)

    return act


def stands(lead: int, stage: str, score: int) -> Act:
    def act(crowd: Crowd) -> None:
        place_leads({crowd.leads[lead].pk: stage}, now=crowd.now)
        show_scores([ShownScore(crowd.leads[lead].pk, score, "")])
        owner = crowd.by if score else None
        assign_leads([crowd.leads[lead].pk], owner=owner, by=crowd.by, now=crowd.now)

    return act


def wears(lead: int) -> Act:
    def act(crowd: Crowd) -> None:
        if crowd.is_there(crowd.leads[lead]):
            LeadTag.objects.get_or_create(lead=crowd.leads[lead], tag=crowd.tag)
            publish(TagsChanged((crowd.leads[lead].pk,)))

    return act


def firm_wears(is_on: bool) -> Act:
    def act(crowd: Crowd) -> None:
        change = tag_companies if is_on else untag_companies
        door = Door(Via.PERSON, by=crowd.by.pk)
        change([crowd.firm.pk], tag=crowd.trusted, door=door, now=crowd.now)

    return act


def is_put(lead: int, is_in: bool) -> Act:
    def act(crowd: Crowd) -> None:
        put = add_to_segment if is_in else remove_from_segment
        put([crowd.leads[lead].pk], segment=crowd.frozen, by=crowd.by, now=crowd.now)

    return act


def is_gone(lead: int, is_gone: bool) -> Act:
    def act(crowd: Crowd) -> None:
        ids = [crowd.leads[lead].pk]
        if is_gone:
            take_out(ids, cause=RemovedCause.PERSON, by=crowd.by, now=crowd.now)
        else:
            put_back(ids, by=crowd.by, now=crowd.now)

    return act


def is_rewritten(segment: int, tree: int) -> Act:
    def act(crowd: Crowd) -> None:
        asked = crowd.live[segment]
        change_segment(asked, name=asked.name, description="", condition=TREES[tree], now=crowd.now)

    return act


def rests(segment: int) -> Act:
    def act(crowd: Crowd) -> None:
        retire_segment(crowd.live[segment], now=crowd.now)
        drain_workspace()
        restore_segment(crowd.live[segment], now=crowd.now)

    return act


def works(crowd: Crowd) -> None:
    drain_workspace()


one, segment = st.integers(0, 4), st.integers(0, 4)
ACTS = st.lists(
    st.one_of(
        st.builds(visits, one, st.integers(0, 5)),
        st.builds(moves, one, st.sampled_from(["Greece", "India"])),
        st.builds(stands, one, st.sampled_from(["lead", "mql"]), st.sampled_from([0, 80])),
        st.builds(wears, one),
        st.builds(firm_wears, st.booleans()),
        st.builds(is_put, one, st.booleans()),
        st.builds(is_gone, one, st.booleans()),
        st.builds(is_rewritten, segment, segment),
        st.builds(rests, segment),
        st.just(works),
    ),
    min_size=1,
    max_size=15,
)


@pytest.fixture
def crowd(world: World, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    monkeypatch.setattr("leads.actions.building.CHUNK", 2)
    return Crowd(world)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_members_are_whoever_fits(acts: list[Act], crowd: Crowd) -> None:
    for act in acts:
        act(crowd)
    drain()

    for each in Segment.objects.all():
        times = Membership.objects.filter(segment=each, left_at=None)
        members = list(times.values_list("lead_id", flat=True))
        assert each.size == len(members) == len(set(members)), each.name
        assert not each.is_stale
        if each.kind == SegmentKind.LIVE:
            fitting = matching(parse(each.condition, is_stored=True), timezone.now())
            assert set(members) == set(fitting.values_list("pk", flat=True)), each.name
