"""A list is written, published for ever, and keeps a segment for each of its indicators."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadmgmt.kernel.models import OutboxRow
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import VersionState
from leads.actions.segments import (
    SegmentIsKept,
    change_segment,
    create_segment,
    delete_segment,
    restore_segment,
    retire_segment,
)
from leads.events import SegmentsEntered
from leads.models import Membership, Segment
from leads.uses import uses_of
from scoring.indicators.drafting import (
    CannotChangeIndicators,
    IndicatorWords,
    discard_draft,
    duplicate_indicator,
    move_indicator,
    remove_indicator,
    replace_indicators,
    save_indicator,
    start_draft,
)
from scoring.indicators.publishing import publish_list
from scoring.indicators.suggesting import add_suggestion, open_suggestions
from scoring.indicators.wording import changes_of
from scoring.models import Indicator, IndicatorList
from tests.builders import a_lead
from tests.clients import drain
from tests.scoring.builders import (
    ASKED,
    GREEK,
    a_draft_of_indicators,
    indicator_words,
    published_indicators,
)
from tests.worlds import World

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
NORSE = {"field": "country", "is": "Norway"}


def segment_of(shown: IndicatorList, name: str) -> Segment:
    segment = Indicator.objects.select_related("segment").get(list=shown, name=name).segment
    assert segment is not None
    return segment


def names(shown: IndicatorList) -> list[str]:
    return list(shown.indicators.order_by("position").values_list("name", flat=True))


@pytest.fixture
def shown(world: World) -> IndicatorList:
    words = (indicator_words("Greek"), indicator_words("Asked", ASKED))
    return published_indicators(*words, by=world.mara, now=NOW)


def test_publishing_finds_who_has_which_indicator(world: World) -> None:
    lena, _norse = a_lead(country="Greece"), a_lead(country="Norway")
    shown = published_indicators(indicator_words("Greek"), by=world.mara, now=NOW)
    drain()
    segment = segment_of(shown, "Greek")
    assert (segment.name, segment.description) == ("Indicator: Greek", "Why greek")
    assert (segment.size, segment.is_stale) == (1, False)
    assert Membership.objects.get(segment=segment).lead_id == lena.pk


def test_who_comes_later_is_found_as_well(shown: IndicatorList, world: World) -> None:
    from leads.actions.resolving import resolve_leads
    from leads.rows import NewLead

    drain()
    row = NewLead(email="lena@example.org", country="Greece")
    resolve_leads([row], via="api", by=None, now=NOW)
    drain()
    assert segment_of(shown, "Greek").size == 1


def test_nothing_fires_for_those_found_first(
    shown: IndicatorList, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    a_lead(country="Greece")
    monkeypatch.setattr("leads.actions.keeping.publish", lambda *events: told.extend(events))
    drain()
    assert [(type(each), each.is_quiet) for each in told] == [(SegmentsEntered, True)]


def test_a_list_has_number_reason_and_author(shown: IndicatorList, world: World) -> None:
    assert (shown.number, shown.state, shown.reason) == (1, VersionState.PUBLISHED, "A first list")
    assert (shown.published_by, shown.published_at) == (world.mara, NOW)
    again = published_indicators(indicator_words("Greek"), by=world.ada, now=NOW, reason="Less")
    shown.refresh_from_db()
    assert (again.number, shown.state, shown.retired_at) == (2, VersionState.RETIRED, NOW)


@pytest.mark.parametrize(
    ("words", "reason", "part"),
    [([], "Why", "at least one"), (["Greek"], "  ", "Say why"), (["Greek"], "x" * 301, "301")],
)
def test_what_is_not_ready_is_not_published(
    world: World, words: list[str], reason: str, part: str
) -> None:
    draft = a_draft_of_indicators(*map(indicator_words, words), by=world.mara, now=NOW)
    with pytest.raises(Refusal, match=part):
        publish_list(draft, by=world.mara, reason=reason, now=NOW)
    assert not Segment.objects.exists()


def test_a_published_list_stays_as_it_is(shown: IndicatorList, world: World) -> None:
    first = shown.indicators.get(name="Greek")
    for act in (
        lambda: save_indicator(shown, indicator_words("New")),
        lambda: remove_indicator(first),
        lambda: move_indicator(first, up=False),
        lambda: duplicate_indicator(first),
        lambda: replace_indicators(shown, []),
        lambda: discard_draft(shown),
        lambda: publish_list(shown, by=world.mara, reason="Again", now=NOW),
    ):
        with pytest.raises(CannotChangeIndicators):
            act()
    assert names(shown) == ["Greek", "Asked"]


def test_a_draft_begins_as_the_published_list(shown: IndicatorList, world: World) -> None:
    draft = start_draft(by=world.mara, now=NOW)
    assert start_draft(by=world.ada, now=NOW) == draft
    keys = [
        list(each.indicators.order_by("position").values_list("key")) for each in (shown, draft)
    ]
    assert keys[0] == keys[1]
    assert changes_of(draft) == []


def test_the_segment_goes_with_its_indicator_from_version_to_version(
    shown: IndicatorList, world: World
) -> None:
    drain()
    before = segment_of(shown, "Greek")
    draft = start_draft(by=world.mara, now=NOW)
    greek = draft.indicators.get(name="Greek")
    save_indicator(draft, IndicatorWords("Norse", NORSE, "Cold"), indicator_id=greek.pk)
    publish_list(draft, by=world.mara, reason="North", now=NOW)
    after = segment_of(draft, "Norse")
    assert after.pk == before.pk
    assert (after.name, after.condition, after.is_stale) == ("Indicator: Norse", NORSE, True)
    drain()


def test_what_did_not_change_is_not_asked_again(shown: IndicatorList, world: World) -> None:
    drain()
    draft = start_draft(by=world.mara, now=NOW)
    save_indicator(draft, indicator_words("Norse", NORSE))
    publish_list(draft, by=world.mara, reason="One more", now=NOW)
    stale = Segment.objects.filter(is_stale=True).values_list("name", flat=True)
    assert list(stale) == ["Indicator: Norse"]


def test_an_indicator_that_is_gone_retires_its_segment_and_brings_it_back(
    shown: IndicatorList, world: World
) -> None:
    asked = segment_of(shown, "Asked")
    published_indicators(indicator_words("Greek"), by=world.mara, now=NOW)
    asked.refresh_from_db()
    assert asked.retired_at == NOW
    back = published_indicators(indicator_words("Asked", ASKED), by=world.mara, now=NOW)
    assert segment_of(back, "Asked").pk == asked.pk
    asked.refresh_from_db()
    assert Segment.objects.filter(pk=asked.pk, retired_at=None, is_stale=True).exists()


def test_two_indicators_can_swap_their_names(shown: IndicatorList, world: World) -> None:
    before = {name: segment_of(shown, name).pk for name in ("Greek", "Asked")}
    keys = dict(shown.indicators.values_list("name", "key"))
    draft = start_draft(by=world.mara, now=NOW)
    words = [
        IndicatorWords("Asked", GREEK, key=keys["Greek"]),
        IndicatorWords("Greek", ASKED, key=keys["Asked"]),
    ]
    replace_indicators(draft, words)
    publish_list(draft, by=world.mara, reason="Swapped", now=NOW)
    assert segment_of(draft, "Asked").pk == before["Greek"]
    assert segment_of(draft, "Asked").name == "Indicator: Asked"
    assert segment_of(draft, "Greek").pk == before["Asked"]


def test_a_name_another_segment_has_is_refused_and_nothing_happens(world: World) -> None:
    create_segment(name="Indicator: Greek", condition=GREEK, by=world.mara, now=NOW)
    OutboxRow.objects.all().delete()
    draft = a_draft_of_indicators(indicator_words("Greek"), by=world.mara, now=NOW)
    with pytest.raises(Refusal, match="Indicator: Greek"):
        publish_list(draft, by=world.mara, reason="First", now=NOW)
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT
    assert not OutboxRow.objects.exists()


def test_people_do_not_change_what_is_kept(shown: IndicatorList) -> None:
    segment = segment_of(shown, "Greek")
    for act in (
        lambda: change_segment(segment, name="Mine", description="", now=NOW),
        lambda: retire_segment(segment, now=NOW),
        lambda: restore_segment(segment, now=NOW),
        lambda: delete_segment(segment),
    ):
        with pytest.raises(SegmentIsKept, match="kept by the indicators, under Scoring"):
            act()
    segment.refresh_from_db()
    assert (segment.name, segment.retired_at) == ("Indicator: Greek", None)


def test_what_its_keeper_has_retired_can_be_deleted(shown: IndicatorList, world: World) -> None:
    asked = segment_of(shown, "Asked")
    published_indicators(indicator_words("Greek"), by=world.mara, now=NOW)
    asked.refresh_from_db()
    with pytest.raises(SegmentIsKept):
        restore_segment(asked, now=NOW)
    delete_segment(asked)
    assert Indicator.objects.get(list=shown, name="Asked").segment is None


def test_what_a_draft_asks_about_is_in_use(world: World) -> None:
    segment = create_segment(name="Ours", condition=GREEK, by=world.mara, now=NOW)
    asked = {"field": "segments", "is_in": [str(segment.pk)]}
    a_draft_of_indicators(indicator_words("One of ours", asked), by=world.mara, now=NOW)
    assert [use.name for use in uses_of(segment.pk)] == ["One of ours"]


# Writing


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (IndicatorWords(" ", NORSE), "name"),
        (IndicatorWords("greek", NORSE), "name"),
        (IndicatorWords("x" * 101, NORSE), "name"),
        (IndicatorWords("New", {"all": []}), "condition"),
        (IndicatorWords("New", NORSE, "x" * 301), "note"),
    ],
)
def test_what_cannot_be_an_indicator_is_refused(
    world: World, words: IndicatorWords, field: str
) -> None:
    draft = a_draft_of_indicators(indicator_words("Greek"), by=world.mara, now=NOW)
    with pytest.raises(Refusal) as refused:
        save_indicator(draft, words)
    assert refused.value.field == field
    assert names(draft) == ["Greek"]


def test_a_list_has_an_end(world: World) -> None:
    words = [indicator_words(f"Greek {number}") for number in range(30)]
    draft = a_draft_of_indicators(*words, by=world.mara, now=NOW)
    for act in (
        lambda: save_indicator(draft, indicator_words("One more")),
        lambda: duplicate_indicator(draft.indicators.all()[0]),
        lambda: replace_indicators(draft, [*words, indicator_words("One more")]),
    ):
        with pytest.raises(Refusal, match="at most 30"):
            act()


def test_keys_nobody_knows_and_keys_named_twice_are_refused(
    shown: IndicatorList, world: World
) -> None:
    draft = start_draft(by=world.mara, now=NOW)
    key = shown.indicators.get(name="Greek").key
    for keys in ([shown.pk], [key, key]):
        words = [IndicatorWords(f"New {n}", NORSE, key=each) for n, each in enumerate(keys)]
        with pytest.raises(Refusal) as refused:
            replace_indicators(draft, words)
        assert refused.value.field == "indicators"
    assert names(draft) == ["Greek", "Asked"]


def test_indicators_are_moved_doubled_and_taken_out(world: World) -> None:
    words = (indicator_words("Greek"), indicator_words("Asked", ASKED))
    draft = a_draft_of_indicators(*words, by=world.mara, now=NOW)
    move_indicator(draft.indicators.get(name="Asked"), up=True)
    assert names(draft) == ["Asked", "Greek"]
    copy = duplicate_indicator(draft.indicators.get(name="Asked"))
    assert names(draft) == ["Asked", "Asked (copy 1)", "Greek"]
    assert copy.key != draft.indicators.get(name="Asked").key
    remove_indicator(draft.indicators.get(name="Asked"))
    assert names(draft) == ["Asked (copy 1)", "Greek"]


def test_suggestions_are_taken_once(world: World) -> None:
    draft = start_draft(by=world.mara, now=NOW)
    keys = list(open_suggestions(draft))
    assert len(keys) == 3
    for key in keys:
        add_suggestion(draft, key)
    assert not open_suggestions(draft)
    assert publish_list(draft, by=world.mara, reason="Ready ones", now=NOW).number == 1
    drain()


def test_what_a_draft_says_otherwise_is_told_in_words(shown: IndicatorList, world: World) -> None:
    keys = dict(shown.indicators.values_list("name", "key"))
    draft = start_draft(by=world.mara, now=NOW + timedelta(days=1))
    words = [
        indicator_words("Norse", NORSE),
        IndicatorWords("From the north", NORSE, "Cold", keys["Greek"]),
    ]
    replace_indicators(draft, words)
    assert changes_of(draft) == [
        "New: “Norse”.",
        "Gone: “Asked”.",
        "“Greek” is called “From the north”.",
        "“From the north” meant: country is “Greece”. Now: country is “Norway”.",
        "“From the north” says otherwise why it matters.",
    ]
    replace_indicators(
        draft,
        [
            IndicatorWords("Asked", ASKED, "Why asked", keys["Asked"]),
            IndicatorWords("Greek", GREEK, "Why greek", keys["Greek"]),
        ],
    )
    assert changes_of(draft) == ["The order is another."]
