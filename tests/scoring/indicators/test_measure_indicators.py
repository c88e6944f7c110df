"""Win rates against a world small enough to count by hand; nothing that came later counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadmgmt.kernel.context import inside
from leads.kinds import Kind
from leads.models import Lead, ProfileChange
from scoring.cases import CannotStudy
from scoring.indicators import measuring
from scoring.indicators.drafting import replace_indicators, save_indicator, start_draft
from scoring.indicators.measuring import CannotMeasure, measure_due, start_measurement
from scoring.indicators.telling import Told, list_told
from scoring.indicators.terms import Terms
from scoring.jobs import measure_all_due
from scoring.models import IndicatorFigure, IndicatorList, Measurement
from tests.builders import a_lead, an_activity
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
A_DAY = timedelta(days=1)
BORN = NOW - 200 * A_DAY
MOMENT = BORN + 14 * A_DAY


def born(*, days_ago: int = 200, **given: Any) -> Lead:
    return a_lead(created_at=NOW - days_ago * A_DAY, **given)


def did(lead: Lead, kind: str, days: int, **properties: Any) -> None:
    at = lead.created_at + days * A_DAY
    an_activity(lead, kind=kind, occurred_at=at, received_at=at, properties=properties)


def won(lead: Lead, days: int, stage: str = "customer") -> None:
    did(lead, Kind.STAGE_ENTERED, days, to=stage)


def moved_to(lead: Lead, country: str, days: int) -> None:
    at = lead.created_at + days * A_DAY
    old, lead.country = lead.country, country
    lead.save()
    ProfileChange.objects.create(
        lead=lead, field="country", old=old, new=country, via="person", changed_at=at
    )


def counted(shown: IndicatorList) -> dict[str, tuple[int, int, int, int] | None]:
    """Name → won and cases with it, won and cases without it."""
    return {each.indicator.name: _sides(each) for each in list_told(shown).indicators}


def _sides(told: Told) -> tuple[int, int, int, int] | None:
    found = told.comparison
    if found is None:
        return None
    return found.having.won, found.having.cases, found.others.won, found.others.cases


@pytest.fixture
def people(world: World) -> dict[str, Lead]:
    """Six cases: three asked by their moment, two were Greek then; three won in time."""
    names = ("early", "prompt", "late", "moved", "slow", "silent")
    made = {name: born(name=name, country="Norway") for name in names}
    for name in ("early", "prompt", "slow"):
        did(made[name], Kind.FORM_SUBMITTED, 3)
    did(made["late"], Kind.FORM_SUBMITTED, 20)  # after the moment: nobody knew
    moved_to(made["prompt"], "Greece", 10)
    moved_to(made["silent"], "Greece", 40)  # after the moment as well
    Lead.objects.filter(pk=made["early"].pk).update(country="Greece")
    won(made["prompt"], 30)
    won(made["late"], 60)
    won(made["moved"], 100)  # the moment and eighty-six days
    won(made["slow"], 14 + 91)  # one day too late
    return made


@pytest.fixture
def shown(world: World, people: dict[str, Lead]) -> IndicatorList:
    words = (indicator_words("Asked", ASKED), indicator_words("Greek", GREEK))
    return published_indicators(*words, by=world.mara, now=NOW)


def test_cases_are_counted_by_what_was_known_at_their_moment(shown: IndicatorList) -> None:
    drain()
    assert counted(shown) == {"Asked": (1, 3, 2, 3), "Greek": (1, 2, 2, 4)}


def test_who_is_too_young_or_had_won_before_is_no_case(shown: IndicatorList) -> None:
    born(days_ago=14 + 89)
    had_won = born()
    did(had_won, Kind.FORM_SUBMITTED, 1)
    won(had_won, 5)
    born(days_ago=400)  # out of the window
    drain()
    found = Measurement.objects.get(list=shown)
    assert (found.total, found.open, found.early) == (6, 1, 1)


def test_other_terms_are_kept_with_the_figures(shown: IndicatorList) -> None:
    drain()
    start_measurement(shown, now=NOW, terms=Terms("customer", 365, 21, 30))
    drain()
    # by day 21 “late” has asked; “prompt” and nobody else won within the thirty days after that
    assert counted(shown)["Asked"] == (1, 4, 0, 2)
    found = Measurement.objects.get(list=shown)
    assert (found.study["wait_days"], found.study["within_days"]) == (21, 30)
    shown.refresh_from_db()
    assert shown.terms["wait_days"] == 21


def test_an_sql_wins_where_that_is_the_outcome(
    shown: IndicatorList, people: dict[str, Lead]
) -> None:
    won(people["silent"], 50, "sql")
    drain()
    assert counted(shown)["Asked"] == (1, 3, 2, 3)
    start_measurement(shown, now=NOW, terms=Terms(outcome="sql"))
    drain()
    assert counted(shown)["Asked"] == (1, 3, 3, 3)


def test_parts_add_up_to_the_whole(shown: IndicatorList, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "PART", 4)
    assert drain() > 2
    assert counted(shown) == {"Asked": (1, 3, 2, 3), "Greek": (1, 2, 2, 4)}
    assert Measurement.objects.get().done == 6


def test_the_figures_before_stay_until_the_new_ones_are_there(shown: IndicatorList) -> None:
    drain()
    start_measurement(shown, now=NOW + A_DAY)
    told = list_told(shown)
    assert told.running is not None
    assert counted(shown)["Asked"] == (1, 3, 2, 3)
    drain()
    assert Measurement.objects.get().asked_at == NOW + A_DAY
    assert IndicatorFigure.objects.count() == 2


def test_asking_twice_measures_once(shown: IndicatorList) -> None:
    first = Measurement.objects.get()
    assert start_measurement(shown, now=NOW) == first
    assert start_measurement(shown, now=NOW + 2 * A_DAY) != first  # it was left behind
    assert Measurement.objects.count() == 1


def test_a_draft_is_measured_and_another_condition_forgets_it(
    world: World, people: dict[str, Lead]
) -> None:
    words = (indicator_words("Asked", ASKED), indicator_words("Greek", GREEK))
    draft = a_draft_of_indicators(*words, by=world.mara, now=NOW)
    start_measurement(draft, now=NOW)
    drain()
    assert counted(draft) == {"Asked": (1, 3, 2, 3), "Greek": (1, 2, 2, 4)}
    asked = draft.indicators.get(name="Asked")
    save_indicator(draft, indicator_words("Wrote", ASKED), indicator_id=asked.pk)
    assert counted(draft)["Wrote"] == (1, 3, 2, 3)
    norse = {"field": "country", "is": "Norway"}
    save_indicator(draft, indicator_words("Wrote", norse), indicator_id=asked.pk)
    assert counted(draft)["Wrote"] is None


def test_what_was_discarded_meanwhile_is_not_measured(world: World) -> None:
    draft = a_draft_of_indicators(indicator_words("Greek"), by=world.mara, now=NOW)
    start_measurement(draft, now=NOW)
    replace_indicators(draft, [])
    drain()
    assert not IndicatorFigure.objects.exists()


def test_what_was_not_kept_is_told(world: World) -> None:
    scored = indicator_words("Scored", {"field": "score", "is_at_least": 5})
    draft = a_draft_of_indicators(scored, by=world.mara, now=NOW)
    (told,) = list_told(draft).indicators
    assert "is not kept" in told.doubts[0]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(outcome="mql"), "outcome"),
        (Terms(window_days=0), "window_days"),
        (Terms(wait_days=-1), "wait_days"),
        (Terms(within_days=2_000), "within_days"),
    ],
)
def test_terms_that_cannot_be_asked_are_refused(
    shown: IndicatorList, terms: Terms, field: str
) -> None:
    with pytest.raises(CannotStudy) as refused:
        start_measurement(shown, now=NOW, terms=terms)
    assert refused.value.field == field


def test_a_retired_list_and_an_empty_one_are_not_measured(
    world: World, shown: IndicatorList
) -> None:
    published_indicators(indicator_words("Greek"), by=world.mara, now=NOW)
    with pytest.raises(CannotMeasure):
        start_measurement(shown, now=NOW)
    draft = start_draft(by=world.mara, now=NOW)
    replace_indicators(draft, [])
    with pytest.raises(CannotMeasure):
        start_measurement(draft, now=NOW)


def test_figures_older_than_a_day_are_measured_by_themselves(shown: IndicatorList) -> None:
    drain()
    assert measure_all_due(NOW + A_DAY / 2) == 0
    assert measure_all_due(NOW + A_DAY) == 1
    drain()
    assert Measurement.objects.get().asked_at == NOW + A_DAY


def test_where_no_list_holds_nothing_is_due(world: World) -> None:
    start_draft(by=world.mara, now=NOW)
    assert measure_all_due(NOW) == 0
    measure_due(now=NOW)
    assert not Measurement.objects.exists()


def test_cases_of_another_workspace_count_for_nobody(shown: IndicatorList, world: World) -> None:
    with inside(world.globex.pk):
        stranger = born(country="Greece")
        won(stranger, 30)
    drain()
    assert counted(shown)["Greek"] == (1, 2, 2, 4)


def test_a_part_is_one_statement_for_all_indicators(
    world: World, people: dict[str, Lead], django_assert_max_num_queries: Any
) -> None:
    words = [indicator_words(f"Greek {number}") for number in range(12)]
    published_indicators(*words, by=world.mara, now=NOW)
    with django_assert_max_num_queries(13):
        measuring.measure_further([Measurement.objects.get().pk], now=NOW)
