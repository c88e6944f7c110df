"""Leads as they were known at a moment: nothing that came later shows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.sql import fetch
from leadmgmt.workspaces.models import Member, Workspace
from leads.conditions import calendar_at, parse
from leads.kinds import Kind
from leads.models import CompanyChange, Lead, ProfileChange
from scoring.cases import Moments, as_if_today, known_then, unknown_then
from tests.builders import a_company, a_custom_field, a_lead, an_activity

MOMENT = datetime(2026, 3, 10, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)


def known(lead: Lead, moment: datetime = MOMENT) -> dict[str, Any]:
    """The row of `known`, and the facts."""
    part = known_then(Moments([lead.pk], [moment]))
    row = f"WITH {part.text} SELECT to_jsonb(known) FROM known"
    facts = f"WITH {part.text} SELECT kind, occurred_at FROM fact ORDER BY 2, 1"
    (said,) = fetch(row, **part.values)
    return {**json.loads(said[0]), "facts": fetch(facts, **part.values)}


def a_change(lead: Lead, field: str, old: Any, new: Any, at: datetime) -> None:
    """One value of a profile becomes another, with its history, as the verbs write it."""
    if field.startswith("attributes."):
        lead.attributes[field.removeprefix("attributes.")] = new
    else:
        setattr(lead, field, new)
    lead.save()
    ProfileChange.objects.create(
        lead=lead, field=field, old=old, new=new, via="person", changed_at=at
    )


@pytest.fixture
def lead(acme: Workspace) -> Lead:
    return a_lead(
        country="Norway",
        attributes={"size": 4},
        created_at=MOMENT - 9 * A_DAY,
        first_seen_at=MOMENT - 9 * A_DAY,
    )


def test_changes_after_the_moment_are_undone_back_to_the_first(lead: Lead) -> None:
    a_change(lead, "country", "Norway", "Sweden", MOMENT + A_DAY)
    a_change(lead, "country", "Sweden", "Denmark", MOMENT + 2 * A_DAY)
    a_change(lead, "attributes.size", 4, 8, MOMENT + A_DAY)
    a_change(lead, "attributes.budget", None, 9_000, MOMENT + A_DAY)
    said = known(lead)
    assert said["country"] == "Norway"
    assert said["attributes"] == {"size": 4}


def test_changes_before_the_moment_stand(lead: Lead) -> None:
    a_change(lead, "country", "Norway", "Sweden", MOMENT - A_DAY)
    a_change(lead, "attributes.size", 4, 8, MOMENT - A_DAY)
    said = known(lead)
    assert (said["country"], said["attributes"]) == ("Sweden", {"size": 8})


def test_facts_are_those_that_had_happened_been_heard_of_and_were_no_machines(lead: Lead) -> None:
    early = {"occurred_at": MOMENT - A_DAY, "received_at": MOMENT - A_DAY}
    an_activity(lead, kind="call", **early)
    an_activity(lead, kind="visit", **early, is_machine=True)
    an_activity(lead, kind="email", occurred_at=MOMENT - A_DAY, received_at=MOMENT + A_DAY)
    an_activity(lead, kind="note", occurred_at=MOMENT + A_DAY)
    assert [kind for kind, _ in known(lead)["facts"]] == ["call"]


def test_a_stage_is_the_one_entered_last_by_then(lead: Lead) -> None:
    for days, stage in ((-3, "mql"), (-2, "nurturing"), (1, "customer")):
        at = MOMENT + days * A_DAY
        properties = {"to": stage}
        an_activity(
            lead, kind=Kind.STAGE_ENTERED, occurred_at=at, received_at=at, properties=properties
        )
    said = known(lead)
    assert (said["stage"], said["highest_stage"]) == ("nurturing", "mql")


def test_what_is_not_kept_is_unknown(lead: Lead, rita: Member) -> None:
    lead.owner, lead.score, lead.lead_class = rita, 90, "hot"
    lead.save()
    said = known(lead)
    assert (said["owner_id"], said["score"], said["lead_class"]) == (None, None, None)
    condition = parse(
        {
            "all": [
                {"field": "score", "is_at_least": 5},
                {"field": "company.industry", "is": "Steel"},
                {"field": "country", "is": "Norway"},
            ]
        }
    )
    assert unknown_then(condition) == {"score": "not_kept", "company.industry": "as_today"}


def test_a_company_is_read_as_it_was_too(lead: Lead) -> None:
    firm = a_company(industry="Steel", stage="customer", attributes={"fleet": 9})
    lead.company = firm
    lead.save()
    for field, old in (("industry", "Water"), ("attributes.fleet", None)):
        CompanyChange.objects.create(
            company=firm, field=field, old=old, new="x", via="person", changed_at=MOMENT + A_DAY
        )
    part = known_then(Moments([lead.pk], [MOMENT]))
    sql = f"WITH {part.text} SELECT name, industry, stage, attributes FROM firm"
    assert fetch(sql, **part.values) == [(firm.name, "Water", None, "{}")]


LATER = st.integers(min_value=1, max_value=200).map(lambda days: MOMENT + days * A_DAY)
WORDS = st.sampled_from(["", "Norway", "Sweden", "Denmark"])
HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("country"), WORDS, LATER),
        st.tuples(st.just("job_title"), WORDS, LATER),
        st.tuples(st.just("do_not_email"), st.booleans(), LATER),
        st.tuples(
            st.sampled_from(["attributes.size", "attributes.budget"]),
            st.one_of(st.none(), st.integers(0, 9)),
            LATER,
        ),
        st.tuples(st.just("fact"), st.sampled_from(["visit", "call", "stage_entered"]), LATER),
    ),
    max_size=8,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings=HAPPENINGS)
def test_nothing_that_comes_later_changes_what_is_known(lead: Lead, happenings: list[Any]) -> None:
    lead.refresh_from_db()
    a_past_fact = {"occurred_at": MOMENT - A_DAY, "received_at": MOMENT - A_DAY}
    with transaction.atomic():
        an_activity(lead, kind="visit", **a_past_fact)
        before = known(lead)
        for what, value, at in sorted(happenings, key=lambda each: each[2]):
            if what == "fact":
                an_activity(
                    lead, kind=value, occurred_at=at, received_at=at, properties={"to": "customer"}
                )
            else:
                key = what.removeprefix("attributes.")
                old = lead.attributes.get(key) if key != what else getattr(lead, what)
                a_change(lead, what, old, value, at)
        assert known(lead) == before
        transaction.set_rollback(True)


def test_a_condition_of_today_is_asked_of_the_past(lead: Lead) -> None:
    a_custom_field("size", "number")
    at = MOMENT - 5 * A_DAY
    an_activity(lead, kind="page_view", occurred_at=at, received_at=at)
    a_change(lead, "attributes.size", 4, 80, MOMENT + A_DAY)
    now = datetime(2026, 11, 1, 9, tzinfo=UTC)

    def holds(tree: dict[str, Any]) -> bool:
        past = as_if_today(Moments([lead.pk], [MOMENT]), calendar_at(now))
        text, values = parse(tree).where(now).named("c")
        rows = fetch(
            f"WITH {past.text} SELECT 1 FROM leads_lead AS lead WHERE {text}",
            **past.values,
            **values,
        )
        return bool(rows)

    assert holds({"activity": "page_view", "within_days": 5})
    assert not holds({"activity": "page_view", "within_days": 4})
    assert holds({"field": "created_at", "within_days": 9})
    assert not holds({"field": "created_at", "within_days": 8})
    assert holds({"field": "attributes.size", "is_at_most": 4})


def test_a_stranger_is_not_known(globex: Workspace, lead: Lead) -> None:
    part = known_then(Moments([lead.pk], [MOMENT]))
    with inside(globex.pk):
        assert fetch(f"WITH {part.text} SELECT id FROM known", **part.values) == []
