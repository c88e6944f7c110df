"""The pages of indicators: read, written, published and measured by who may."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, VersionState
from leads.kinds import Kind
from leads.models import Lead, Segment
from scoring.models import Indicator, IndicatorList, Measurement
from tests.builders import a_draft_of, a_lead, a_list_of_indicators, an_activity
from tests.clients import client_of, drain
from tests.scoring.builders import (
    ASKED,
    GREEK,
    a_draft_of_indicators,
    indicator_words,
    published_indicators,
)
from tests.worlds import World

A_DAY = timedelta(days=1)


def page(who: Member, name: str, **ids: Any) -> str:
    answer = client_of(who).get(workspace_reverse(f"scoring:{name}", **ids))
    assert answer.status_code == 200
    return answer.content.decode()


def post(who: Member, name: str, data: dict[str, Any] | None = None, **ids: Any) -> Any:
    return client_of(who).post(workspace_reverse(f"scoring:{name}", **ids), data or {})


def born(country: str, *, has_won: bool) -> Lead:
    lead = a_lead(country=country, created_at=timezone.now() - 200 * A_DAY)
    if has_won:
        at = lead.created_at + 30 * A_DAY
        properties = {"to": "customer"}
        an_activity(
            lead, kind=Kind.STAGE_ENTERED, occurred_at=at, received_at=at, properties=properties
        )
    return lead


@pytest.fixture
def shown(world: World) -> IndicatorList:
    """Greeks win half the time, Norwegians never; forty of each."""
    for number in range(40):
        born("Greece", has_won=number % 2 == 0)
        born("Norway", has_won=False)
    words = (indicator_words("Greek"), indicator_words("Asked", ASKED))
    made = published_indicators(*words, by=world.mara, now=timezone.now())
    drain()
    return made


def test_without_a_list_the_page_teaches_and_one_click_begins(world: World) -> None:
    first = page(world.mara, "indicators")
    assert "No indicators yet" in first
    assert "Came back to the prices" in first

    answer = post(world.mara, "indicator_draft_start", {"suggestion": "prices"})

    assert answer["Location"] == workspace_reverse("scoring:indicator_draft")
    draft = page(world.mara, "indicator_draft")
    assert "path contains “/pricing”" in draft
    assert 'value="prices"' not in draft
    assert 'value="talked"' in draft


def test_a_suggestion_nobody_knows_is_not_there(world: World) -> None:
    assert post(world.mara, "indicator_draft_start", {"suggestion": "x"}).status_code == 404
    assert not IndicatorList.objects.exists()


def test_the_page_says_what_each_indicator_is_worth(shown: IndicatorList, world: World) -> None:
    seen = page(world.rita, "indicators")
    greek = Indicator.objects.get(list=shown, name="Greek")
    assert f"?segment={greek.segment_id}" in seen
    assert "40 leads have it now" in seen
    assert "Leads with it win more often: 50% against 0%." in seen
    assert "20 of 40" in seen
    assert "Too few cases to say: 0, at least 30 are needed." in seen
    assert "became a customer within 90 days" in seen
    assert "Start a draft" not in seen


def test_while_it_measures_the_page_says_so(world: World) -> None:
    made = a_list_of_indicators(world.mara)
    assert "Measuring the win rates" in page(world.mara, "indicators")
    assert "Measuring the win rates" in page(world.mara, "indicator_progress", id=made.pk)
    drain()
    answer = client_of(world.mara).get(workspace_reverse("scoring:indicator_progress", id=made.pk))
    assert answer["HX-Refresh"] == "true"
    assert "Measuring the win rates" not in page(world.mara, "indicators")


def test_an_indicator_is_written_in_rows_and_changed(world: World) -> None:
    post(world.mara, "indicator_draft_start")
    posted = {"save": "1", "name": "Greek", "note": "Near"} | a_draft_of(GREEK)
    assert post(world.mara, "indicator_add", posted).status_code == 302
    made = Indicator.objects.get()
    assert (made.name, made.note) == ("Greek", "Near")
    assert 'value="Greece"' in page(world.mara, "indicator_edit", id=made.pk)

    refused = post(world.mara, "indicator_add", posted)

    assert refused.status_code == 422
    assert "choose another name" in refused.content.decode()
    changed = post(world.mara, "indicator_edit", posted | {"name": "Hellenic"}, id=made.pk)
    assert changed.status_code == 302
    assert Indicator.objects.get().name == "Hellenic"


def test_the_draft_is_arranged(world: World) -> None:
    words = (indicator_words("Greek"), indicator_words("Asked", ASKED))
    draft = a_draft_of_indicators(*words, by=world.mara, now=timezone.now())
    asked = draft.indicators.get(name="Asked")
    post(world.mara, "indicator_move", {"to": "up"}, id=asked.pk)
    copied = post(world.mara, "indicator_duplicate", id=asked.pk)
    copy = draft.indicators.get(name="Asked (copy 1)")
    assert copied["Location"] == workspace_reverse("scoring:indicator_edit", id=copy.pk)
    post(world.mara, "indicator_remove", id=asked.pk)
    rows = draft.indicators.order_by("position").values_list("name", flat=True)
    assert list(rows) == ["Asked (copy 1)", "Greek"]
    post(world.mara, "indicator_draft_discard")
    assert not IndicatorList.objects.exists()


def test_publishing_shows_the_difference_and_wants_a_reason(
    shown: IndicatorList, world: World
) -> None:
    post(world.mara, "indicator_draft_start")
    draft = IndicatorList.objects.draft().get()
    post(world.mara, "indicator_remove", id=draft.indicators.get(name="Asked").pk)
    assert "Gone: “Asked”." in page(world.mara, "indicator_publish")
    assert post(world.mara, "indicator_publish", {"reason": " "}).status_code == 422

    answer = post(world.mara, "indicator_publish", {"reason": "Nobody asks"})

    assert answer["Location"] == workspace_reverse("scoring:indicators")
    draft.refresh_from_db()
    assert (draft.state, draft.number) == (VersionState.PUBLISHED, 2)
    seen = page(world.mara, "indicators")
    assert "Nobody asks" in seen
    before = page(world.ana, "indicator_version", id=shown.pk)
    assert "Asked" in before
    assert "20 of 40" in before


def test_how_it_is_measured_can_be_changed(shown: IndicatorList, world: World) -> None:
    address: dict[str, Any] = {"id": shown.pk}
    form = page(world.mara, "indicator_terms", **address)
    assert 'value="90"' in form
    terms = {"outcome": "customer", "window_days": 365, "wait_days": 14, "within_days": 10}
    assert (
        post(world.mara, "indicator_terms", terms | {"wait_days": -1}, **address).status_code == 422
    )
    assert post(world.mara, "indicator_terms", terms, **address).status_code == 302
    drain()
    assert "0 of 40" in page(world.mara, "indicators")
    post(world.mara, "indicator_measure", **address)
    assert Measurement.objects.filter(finished_at=None).get().study["within_days"] == 10


def test_who_only_looks_changes_nothing(shown: IndicatorList, world: World) -> None:
    post(world.mara, "indicator_draft_start")
    indicator = IndicatorList.objects.draft().get().indicators.all()[0]
    for who in (world.rita, world.max, world.ana):
        page(who, "indicators")
        for name in ("indicator_draft_start", "indicator_draft_discard", "indicator_publish"):
            assert post(who, name).status_code == 403
        for name in ("indicator_measure", "indicator_terms"):
            assert post(who, name, id=shown.pk).status_code == 403
        for name in ("indicator_edit", "indicator_remove", "indicator_move"):
            assert post(who, name, id=indicator.pk).status_code == 403


def test_a_list_of_another_workspace_is_not_there(world: World) -> None:
    with inside(world.globex.pk):
        theirs = a_list_of_indicators(world.gus)
        indicator = IndicatorList.objects.draft().get().indicators.get()
    client = client_of(world.mara)
    post(world.mara, "indicator_draft_start")
    for name in ("indicator_version", "indicator_progress", "indicator_terms"):
        for missing in (theirs.pk, uuid4()):
            address = workspace_reverse(f"scoring:{name}", id=missing)
            assert client.get(address).status_code == 404
    assert post(world.mara, "indicator_measure", id=theirs.pk).status_code == 404
    assert post(world.mara, "indicator_remove", id=indicator.pk).status_code == 404
    assert "Greek" not in page(world.mara, "indicators")


def test_the_pages_state_their_queries(
    shown: IndicatorList, world: World, django_assert_max_num_queries: Any
) -> None:
    words = [indicator_words(f"Greek {number}") for number in range(12)]
    published_indicators(*words, by=world.mara, now=timezone.now())
    drain()
    post(world.mara, "indicator_draft_start")
    client = client_of(world.mara)
    at = {name: workspace_reverse(f"scoring:{name}") for name in ("indicators", "indicator_draft")}
    client.get(at["indicators"])
    # session, user, door, member, workspaces; lists, measurements, indicators, figures
    with django_assert_max_num_queries(10):
        client.get(at["indicators"])
    # the same for the draft; names taken, the published list, the indicators of both
    with django_assert_max_num_queries(14):
        client.get(at["indicator_draft"])


def test_a_lead_shows_the_indicators_it_has_and_has_not(shown: IndicatorList, world: World) -> None:
    lead = Lead.objects.filter(country="Greece")[0]
    seen = client_of(world.rita).get(workspace_reverse("leads:lead", id=lead.pk)).content.decode()
    assert "Leads with it win more often: 50% against 0%." in seen
    assert "1 it has not" in seen


def test_a_kept_segment_says_who_keeps_it_and_offers_no_change(
    shown: IndicatorList, world: World
) -> None:
    segment = Segment.objects.get(name="Indicator: Greek")
    client = client_of(world.mara)
    address = workspace_reverse("leads:segment", id=segment.pk)
    seen = client.get(address).content.decode()
    assert "Kept by the indicators, under Scoring" in seen
    assert workspace_reverse("leads:segment_edit", id=segment.pk) not in seen
    assert workspace_reverse("leads:segment_retire", id=segment.pk) not in seen
    assert 'id="delete"' not in seen
    posted = {"save": "1", "name": "Mine", "description": ""} | a_draft_of(GREEK)
    answer = client.post(workspace_reverse("leads:segment_edit", id=segment.pk), posted)
    assert answer.status_code == 422
    assert "change it there" in answer.content.decode()
