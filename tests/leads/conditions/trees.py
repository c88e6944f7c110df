"""Trees of all kinds, for people of all kinds (see `people`)."""

from typing import Any
from uuid import UUID

from hypothesis import strategies as st

Tests = st.SearchStrategy[dict[str, Any]]


def ids(start: int) -> tuple[str, str, str]:
    """Return three ids one can write down before there are rows."""
    first, second, third = (str(UUID(int=start + n)) for n in range(3))
    return first, second, third


TAGS, SEGMENTS, CAMPAIGNS = ids(0x100), ids(0x200), ids(0x300)
MEMBERS = ids(0x400)[:2]


def one_test(**operators: st.SearchStrategy[Any]) -> Tests:
    return st.one_of(
        *(st.fixed_dictionaries({operator: value}) for operator, value in operators.items())
    )


KNOWN = one_test(is_known=st.booleans())


def texts(*values: str) -> Tests:
    one = st.sampled_from(values)
    return choices(*values) | one_test(
        **dict.fromkeys(("contains", "does_not_contain", "starts_with"), one)
    )


def choices(*values: str) -> Tests:
    one = st.sampled_from(values)
    many = st.lists(one, min_size=1, max_size=3)
    equal = {"is": one, "is_not": one, "is_one_of": many, "is_none_of": many}
    return one_test(**equal) | KNOWN


def several(*values: str, operators: tuple[str, ...]) -> Tests:
    some = st.lists(st.sampled_from(values), min_size=1, max_size=3)
    return one_test(**dict.fromkeys(operators, some))


def numbers(*values: float) -> Tests:
    sizes = ("is", "is_not", "is_at_least", "is_at_most", "is_more_than", "is_less_than")
    return one_test(**dict.fromkeys(sizes, st.sampled_from(values))) | KNOWN


NUMBERS = numbers(0, 3.5, 12, 40, 80)
FLAGS = one_test(**{"is": st.booleans()}) | KNOWN
WINDOWS = st.sampled_from([0, 1, 2, 7, 8, 14, 15, 40])
DAYS = st.sampled_from(["2026-03-15", "2026-03-29", "2026-03-30", "2026-04-01"])
TIMES = KNOWN | one_test(
    **dict.fromkeys(("within_days", "more_than_days_ago", "within_next_days"), WINDOWS),
    **dict.fromkeys(("is_on", "is_before", "is_after"), DAYS),
)
SETS = ("has", "has_none_of", "has_all_of")

FIELDS: dict[str, Tests] = {
    "country": texts("india", "GREE", "Greece"),
    "job_title": texts("Head", "head of it", "it"),
    "email_provider": choices("free", "disposable", "company"),
    "score": NUMBERS,
    "stage": choices("lead", "mql", "sql"),
    "stage_entered_at": TIMES,
    "days_in_stage": numbers(0, 1, 2.5, 7, 14),
    "lead_class": choices("hot", "cold"),
    "grade": choices("A+", "A", "F"),
    "do_not_call": FLAGS,
    "last_activity_at": TIMES,
    "campaign": choices(*CAMPAIGNS),
    "owner": choices(*MEMBERS),
    "tags": several(*TAGS, operators=SETS),
    "segments": several(*SEGMENTS, operators=("is_in", "is_not_in")),
    "consent.calls": choices("given", "withdrawn", "not_asked").filter(
        lambda test: "is_known" not in test
    ),
    "attributes.size": NUMBERS,
    "attributes.budget": numbers(0, 99.99, 100, 1_000),
    "attributes.vip": FLAGS,
    "attributes.city": texts("pune", "P"),
    "attributes.site": texts("https://a.example", "A"),
    "attributes.renews": TIMES,
    "attributes.wants": several("demo", "Price", "call", operators=SETS) | KNOWN,
    "attributes.adviser": choices(*MEMBERS),
    "company.industry": texts("steel", "st"),
    "company.employees": NUMBERS,
    "company.city": texts("Patra"),
    "company.owner": choices(*MEMBERS),
    "company.tags": several(*TAGS, operators=SETS),
    "company.attributes.seats": NUMBERS,
    "company.attributes.uses": several("sap", "odoo", operators=SETS) | KNOWN,
}
FIELD_TESTS = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda name: FIELDS[name].map(lambda test: {"field": name} | test)
)
PROPERTY_TESTS = st.one_of(
    texts("/pricing", "/blog", "1").map(lambda test: {"property": "path"} | test),
    texts("12", "3.5").map(lambda test: {"property": "seconds"} | test),
    NUMBERS.map(lambda test: {"property": "seconds"} | test),
    FLAGS.map(lambda test: {"property": "is_first"} | test),
    choices(*CAMPAIGNS).map(lambda test: {"field": "campaign"} | test),
    texts("google", "g").map(lambda test: {"field": "source"} | test),
)
COUNTS: Tests = st.one_of(
    st.just({}),
    st.just({"never": True}),
    st.integers(1, 3).map(lambda n: {"at_least": n}),
    st.integers(0, 3).map(lambda n: {"at_most": n}),
    st.integers(0, 3).map(lambda n: {"exactly": n}),
    st.integers(1, 3).map(lambda n: {"at_least": n, "at_most": n + 1}),
)
SPANS: Tests = st.one_of(
    st.just({}),
    WINDOWS.map(lambda n: {"within_days": n}),
    WINDOWS.map(lambda n: {"more_than_days_ago": n}),
    WINDOWS.map(lambda n: {"more_than_days_ago": n, "within_days": n + 7}),
)
ACTIVITY_TESTS = st.builds(
    lambda kind, where, count, span: {"activity": kind, "where": where} | count | span,
    st.sampled_from(["page_view", "visit", "call"]),
    st.lists(PROPERTY_TESTS, max_size=2),
    COUNTS,
    SPANS,
)


def depth(tree: dict[str, Any]) -> int:
    parts: list[dict[str, Any]] = next(
        (tree[word] for word in ("all", "any", "none") if word in tree), []
    )
    return 1 + max(map(depth, parts), default=0)


TREES = st.recursive(
    FIELD_TESTS | ACTIVITY_TESTS,
    lambda inner: st.builds(
        lambda word, parts: {word: parts},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
).filter(lambda tree: depth(tree) <= 5)
