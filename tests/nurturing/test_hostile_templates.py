"""What a template can be made to do: fill in plain values, and nothing else, quickly."""

import contextlib
import time

import pytest

from nurturing.letters import Text, preview
from nurturing.merging import LONGEST, WrongTemplate, render

CONTEXT = {
    "lead": {"name": "<b>Eve</b>", "first_name": "Eve", "attributes": {"n": 5}},
    "company": {"name": ""},
    "workspace": {"name": "Acme"},
}
SECRET = "secret-canary"

REACHING = [
    "{{ lead.__class__ }}",
    "{{ lead.__class__.__mro__ }}",
    "{{ lead['__class__'] }}",
    "{{ lead.items }}",
    "{{ lead.keys.__self__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__ }}",
    "{{ self }}{{ globals }}{{ settings.SECRET_KEY }}{{ request.user }}",
    "{{ config }}{{ environment }}{{ context }}{{ template }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ lead.name.__format__ }}",
    "{% assign x = lead.__dict__ %}{{ x }}",
    "${7*7}#{7*7}<%= 7*7 %>${{7*7}}",
]
REFUSED = [
    "{% include '/etc/passwd' %}",
    "{% render 'x' %}",
    "{% layout 'x' %}",
    "{% import os %}",
    "{% tablerow i in (1..999) %}x{% endtablerow %}",
    "{{ lead | safe }}",
    "{{ 'x' | eval }}",
    "{{ 'a' | replace: '', 'aaaa' }}",
    "{{ 'a,b' | split: ',' | join: 'x' }}",
    "{{",
    "{% if %}",
    "{% for %}{% endfor %}",
    "{% if lead.name %}",
    "{% for i in (1..1000000000) %}x{% endfor %}",
    "{% for i in (1..999) %}{% for j in (1..999) %}x{% endfor %}{% endfor %}",
    "{% if a %}" * 5_000,
    "{{ " + "(" * 5_000 + " }}",
    "{{ " + "a[" * 20_000 + " }}",
    "x" * (LONGEST + 1),
    "{% assign a = '" + "x" * 60_000 + "' %}{{ a | append: a }}",
    "{% assign a = '" + "x" * 1_000 + "' %}" + "{% assign a = a | append: a %}" * 30 + "{{ a }}",
]
HARMLESS = [
    "{{ 'now' | date: '%999999999d' }}",
    "{{ 99999999999999999999999 | date: '%Y' }}",
    "{{ lead.name | truncate: 9999999999 }}",
    "{{ 1e9999999 }}",
    "{{ " + "a." * 20_000 + "b }}",
]


@pytest.mark.parametrize("source", REACHING)
def test_no_object_is_reached(source: str, settings: object) -> None:
    settings.SECRET_KEY = SECRET  # type: ignore[attr-defined]
    try:
        result = render(source, CONTEXT, is_html=True)
    except WrongTemplate:
        return
    for word in ("class", "object", "built-in", "method", SECRET, "49", "0x"):
        assert word not in result


@pytest.mark.parametrize("source", REFUSED, ids=range(len(REFUSED)))
def test_what_does_too_much_is_refused_at_once(source: str) -> None:
    started = time.perf_counter()
    with pytest.raises(WrongTemplate):
        render(source, CONTEXT, is_html=True)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("source", HARMLESS, ids=range(len(HARMLESS)))
def test_what_sounds_dangerous_is_short(source: str) -> None:
    with contextlib.suppress(WrongTemplate):
        assert len(render(source, CONTEXT, is_html=True)) <= LONGEST


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Hello {{ lead.first_name | default: 'there' }}", "Hello Eve"),
        ("Hello {{ lead.nothing | default: 'there' }}", "Hello there"),
        ("{{ lead.name }}", "&lt;b&gt;Eve&lt;/b&gt;"),
        ("{% if company.name == '' %}you{% else %}{{ company.name }}{% endif %}", "you"),
        ("{{ lead.attributes.n }}", "5"),
    ],
)
def test_merge_fields_are_filled_in(source: str, expected: str) -> None:
    assert render(source, CONTEXT, is_html=True) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="{{ lead.attributes.link }}">x</a>',
        "<svg onload=alert(1)>",
        "<iframe src=https://evil.example></iframe>",
        "<form action=https://evil.example><input></form>",
        "<p style='background:url(javascript:alert(1))'>x</p>",
        "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
        "<base href=https://evil.example>",
        "<meta http-equiv=refresh content=0>",
    ],
)
def test_no_script_survives(body: str) -> None:
    context = CONTEXT | {"lead": {"attributes": {"link": "javascript:alert(1)"}}}
    html = preview(Text("S", "", body), context).html.lower()
    for word in (
        "<script",
        "onerror",
        "onload",
        "javascript:",
        "<iframe",
        "<form",
        "style=",
        "<base",
        "<meta",
        "<svg",
    ):
        assert word not in html


def test_plain_text_gets_paragraphs_and_links() -> None:
    html = preview(Text("S", "", "Hello\n\nsee https://example.com/a?b=1&c=2 now"), CONTEXT).html
    assert html.count("<p>") == 2
    assert 'href="https://example.com/a?b=1&amp;c=2"' in html
