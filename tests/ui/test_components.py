"""Components as templates use them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from leadmgmt.ui.components.charts import Point, Step
from leadmgmt.ui.components.people import initials
from leadmgmt.ui.components.words import urgency
from leadmgmt.ui.paging import Page

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shown(source: str, path: str = "/", **context: Any) -> str:
    request = RequestFactory().get(path)
    return Template("{% load ui %}" + source).render(Context({"request": request, **context}))


def test_text_is_escaped_everywhere() -> None:
    evil = "<script>x</script>"
    sources = (
        "{% badge evil %}{% avatar evil %}{% person evil '/' evil %}{% hint evil %}",
        "{% copyable evil %}{% happening evil by=evil %}{{ evil }}{% endhappening %}",
        "{% tile evil evil unit=evil period=evil why=evil target=evil %}{% th evil sort=evil %}",
        "{% stage evil %}{% lead_class evil %}{% empty evil action=evil example=evil %}",
        "{% card title=evil hint=evil %}{{ evil }}{% endcard %}{% td evil %}{{ evil }}{% endtd %}",
        "{% fact evil %}{{ evil }}{% endfact %}",
        "{% menu label=evil text=evil %}{% endmenu %}{% tab evil evil %}{% crumb evil evil %}",
        "{% search value=evil placeholder=evil %}{% progress 1 2 label=evil shown=evil %}",
        "{% yes_no True evil evil %}{% key evil %}{% dialog id=evil title=evil %}{% enddialog %}",
    )
    for source in sources:
        assert "<script" not in shown(source, evil=evil), source


def test_a_status_is_word_shape_and_colour() -> None:
    page = shown("{% stage 'mql' %}{% lead_class 'hot' %}{% badge 'Live' 'green' %}")
    assert "MQL" in page
    assert "Hot" in page
    assert page.count("<svg") + page.count('class="dot"') == 3
    assert 'data-tone="accent"' in page
    assert 'data-tone="red"' in page


def test_an_unknown_class_is_a_dash() -> None:
    assert "–" in shown("{% lead_class '' %}")


def test_an_icon_is_silent_unless_labelled() -> None:
    assert 'aria-hidden="true"' in shown("{% icon 'phone' %}")
    labelled = shown("{% icon 'phone' 16 'Call' %}")
    assert 'aria-label="Call"' in labelled
    assert "aria-hidden" not in labelled


@pytest.mark.parametrize(
    ("left", "whole", "urgent"),
    [
        (2 * HOUR, 4 * HOUR, "calm"),
        (HOUR, 4 * HOUR, "soon"),
        (0 * HOUR, 4 * HOUR, "over"),
        (-HOUR, None, "over"),
        (HOUR, None, "soon"),
        (2 * HOUR, None, "calm"),
    ],
)
def test_urgency(left: timedelta, whole: timedelta | None, urgent: str) -> None:
    assert urgency(left, whole) == urgent


def test_a_countdown_says_how_long() -> None:
    page = shown("{% countdown due start now %}", due=NOW + 3 * HOUR, start=NOW, now=NOW)
    assert "3 h left" in page
    late = shown("{% countdown due start now %}", due=NOW - 2 * HOUR, start=NOW, now=NOW)
    assert "2 h overdue" in late
    assert 'data-urgency="over"' in late
    assert "–" in shown("{% countdown None %}")


@pytest.mark.parametrize(
    ("change", "good", "tone", "words"),
    [(0.124, "up", "green", "12%"), (-0.041, "up", "red", "4.1%"), (-0.2, "down", "green", "20%"),
     (0.0, "up", "neutral", "0.0%"), (0.3, "none", "neutral", "30%")],
)  # fmt: skip
def test_a_tile_tells_good_change_from_bad(change: float, good: str, tone: str, words: str) -> None:
    page = shown("{% tile 'Leads' '12' change=change good=good %}", change=change, good=good)
    assert f'data-tone="{tone}"' in page
    assert words in page


def test_a_tile_leads_to_its_rows() -> None:
    assert '<a href="/rows">12</a>' in shown("{% tile 'Leads' '12' url='/rows' %}")


def test_sorting_turns_and_forgets_the_page() -> None:
    header = "{% th 'Score' sort='score' number=True %}"
    assert 'href="?stage=mql&amp;sort=-score"' in shown(header, "/?stage=mql&after=abc")
    down = shown(header, "/?sort=-score")
    assert 'aria-sort="descending"' in down
    assert 'href="?sort=score"' in down
    assert 'aria-sort="ascending"' in shown(header, sort="score")


def test_a_pager_keeps_the_filters() -> None:
    page: Page[int] = Page(rows=[1], next="n", previous="p", total=10_001)
    html = shown("{% pager page 'leads' %}", "/?stage=mql&stage=sql&after=old", page=page)
    assert 'href="?stage=mql&amp;stage=sql&amp;after=n"' in html
    assert 'href="?stage=mql&amp;stage=sql&amp;before=p"' in html
    assert "more than 10,000 leads" in html


def test_a_pager_of_one_page_only_counts() -> None:
    html = shown("{% pager page 'leads' 'lead' %}", page=Page(rows=[1], total=1))
    assert ">1 lead<" in html
    assert "Next" not in html


def test_a_fact_without_value_is_a_dash() -> None:
    assert "–" in shown("{% facts %}{% fact 'Phone' %} {% endfact %}{% endfacts %}")
    assert "<b>1</b>" in shown("{% fact 'Phone' %}<b>1</b>{% endfact %}")


def test_a_funnel_shows_counts_and_rates() -> None:
    steps = [Step("Leads", 200, "/leads"), Step("MQL", 50, "/mql", 0.25, "of leads became MQLs")]
    html = shown("{% funnel steps %}", steps=steps)
    assert 'width="25.00%"' in html
    assert "<strong>25.0%</strong> of leads became MQLs" in html
    assert shown("{% funnel steps %}", steps=[Step("Leads", 0)])


def test_a_trend_is_said_in_one_sentence() -> None:
    points = [Point("1 Nov", 3, 2), Point("2 Nov", 9, 4, "/rows")]
    html = shown("{% trend points 'Leads' unit='leads' period='November' %}", points=points)
    assert "From 1 Nov to 2 Nov; highest 9 leads at 2 Nov, last 9." in html
    assert 'href="/rows"' in html
    assert "No values in this period." in shown("{% trend points 'Leads' %}", points=[])


def test_reasons_may_be_mappings_or_objects() -> None:
    html = shown(
        "{% contributions rows total=25 %}",
        rows=[{"label": "Asked for a demo", "points": 30}, {"label": "Free email", "points": -5}],
    )
    assert "+30" in html
    assert "−5" in html


def test_progress_stays_within_its_bar() -> None:
    assert 'width="100.00%"' in shown("{% progress 12 10 label='Set-up' %}")
    assert 'width="0.00%"' in shown("{% progress 1 0 label='Set-up' %}")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Keller", "AK"), ("anna.keller@x.example", "AE"), ("Cher", "C"), ("", "?"), ("Ж", "Ж")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


class Question(forms.Form):
    email = forms.EmailField(help_text="We look up the company.")
    note = forms.CharField(required=False)
    may_write = forms.BooleanField(required=False)


def test_a_field_ties_help_and_error_to_its_input() -> None:
    html = str(Question({"email": "anna@"}))
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert html.count(">optional<") == 1


def test_a_fault_of_the_whole_form_stands_above_it() -> None:
    form = Question({"email": "a@b.example"})
    form.add_error(None, "Somebody else was faster.")
    assert str(form).index("Somebody else was faster.") < str(form).index("id_email")
