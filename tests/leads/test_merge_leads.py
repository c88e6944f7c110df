"""Two leads that are one person become one, and two again when that was a mistake."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as draw

from funnel.actions.arranging import arrange_queue
from leadmgmt.kernel.context import current_workspace_id, inside
from leads.actions.editing import change_lead
from leads.actions.merging import (
    CannotMerge,
    CannotUndoMerge,
    MergedAlready,
    Undone,
    merge_leads,
    undo_merge,
)
from leads.actions.removing import put_back
from leads.actions.resolving import resolve_leads
from leads.actions.standing import assign_leads, place_leads
from leads.handing import moving_models
from leads.hanging import hanging_tables, loose_references
from leads.jobs import discard_removed
from leads.joining import CHOSEN, LEFT_ALONE, CannotChooseValue, joined
from leads.kinds import Kind
from leads.models import (
    Activity,
    Company,
    Duplicate,
    Identity,
    Lead,
    LeadTag,
    Merge,
    ProfileChange,
    RemovedLead,
    Tag,
)
from leads.queries.merging import current_id, preview_of
from leads.rows import NewLead
from nurturing.models import Enrolment, Message
from tests.architecture.rows import Rows
from tests.builders import a_company, a_deal, a_lead, a_sequence, a_visitor, an_activity
from tests.clients import drain
from tests.worlds import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_acme(world: World) -> Iterator[None]:
    with inside(world.acme.id):
        yield


@pytest.fixture
def ann() -> Lead:
    return known(name="Ann Bell", email="ann@firm.example")


@pytest.fixture
def anna() -> Lead:
    return known(name="Anna Bell", email="anna@home.example", phone="+302101234567", city="Athens")


def known(**facts: Any) -> Lead:
    (found,) = resolve_leads([NewLead(**facts)], now=NOW)
    lead: Lead = Lead.objects.get(id=found.lead_id)
    return lead


def merge(kept: Lead, gone: Lead, **choices: str) -> Merge:
    return merge_leads(kept.pk, gone.pk, choices=choices, by=None, now=NOW)


def undo(done: Merge, now: datetime = NOW) -> Undone:
    return undo_merge(done.pk, by=None, now=now)


def test_the_kept_lead_fills_its_blanks(ann: Lead, anna: Lead) -> None:
    merge(ann, anna)

    ann.refresh_from_db()
    assert (ann.name, ann.email) == ("Ann Bell", "ann@firm.example")
    assert (ann.phone, ann.city) == ("+302101234567", "Athens")


def test_a_value_is_taken_from_the_other_by_choice(ann: Lead, anna: Lead) -> None:
    done = merge(ann, anna, name="gone")

    ann.refresh_from_db()
    assert ann.name == "Anna Bell"
    change = ProfileChange.objects.get(lead=ann, field="name")
    assert (change.old, change.new, change.via_id) == ("Ann Bell", "Anna Bell", done.pk)


def test_a_custom_value_is_chosen_by_its_key(ann: Lead, anna: Lead) -> None:
    Lead.objects.filter(pk=ann.pk).update(attributes={"size": "S", "only": 1})
    Lead.objects.filter(pk=anna.pk).update(attributes={"size": "L", "more": 2})

    merge(ann, anna, **{"attributes.size": "gone"})

    ann.refresh_from_db()
    assert ann.attributes == {"size": "L", "only": 1, "more": 2}


def test_a_choice_for_no_field_is_refused(ann: Lead, anna: Lead) -> None:
    with pytest.raises(CannotChooseValue, match="shoe_size"):
        merge(ann, anna, shoe_size="gone")
    with pytest.raises(CannotChooseValue, match="both"):
        merge(ann, anna, name="both")
    assert Lead.objects.filter(pk=anna.pk).exists()


def test_a_lead_is_not_merged_with_itself(ann: Lead) -> None:
    with pytest.raises(CannotMerge):
        merge(ann, ann)


def test_the_same_pair_is_merged_once(ann: Lead, anna: Lead) -> None:
    merge(ann, anna)
    with pytest.raises(MergedAlready, match="merged into “Ann Bell” already"):
        merge(ann, anna)
    with pytest.raises(MergedAlready):
        merge(anna, ann)


def test_all_identities_lead_to_the_kept_lead(ann: Lead, anna: Lead) -> None:
    merge(ann, anna)
    assert known(email="anna@home.example").pk == ann.pk
    assert known(phone="+302101234567").pk == ann.pk


def test_every_kind_of_row_changes_hands(ann: Lead, anna: Lead) -> None:
    rows, here = Rows(), current_workspace_id()
    rows.made[here, "leads_lead"] = {"id": anna.pk}
    for model in moving_models():
        named = {"lead_id": anna.pk}
        table = model._meta.db_table
        rows.made[here, table] = rows.another(table, **named)

    merge(ann, anna)

    for model in moving_models():
        label = model._meta.label
        assert not model.objects.filter(lead_id=anna.pk).exists(), label  # type: ignore[attr-defined]
        assert model.objects.filter(lead_id=ann.pk).exists(), label  # type: ignore[attr-defined]


def test_tags_are_united(ann: Lead, anna: Lead) -> None:
    fair, hot = (Tag.objects.create(name=name, key=name) for name in ("fair", "hot"))
    LeadTag.objects.create(lead=ann, tag=fair)
    LeadTag.objects.create(lead=anna, tag=fair)
    LeadTag.objects.create(lead=anna, tag=hot)

    merge(ann, anna)

    assert set(LeadTag.objects.values_list("lead", "tag__name")) == {
        (ann.pk, "fair"),
        (ann.pk, "hot"),
    }


def test_a_message_stays_with_the_enrolment_that_cannot_move(ann: Lead, anna: Lead) -> None:
    sequence = a_sequence("Hello")
    version = sequence.versions.get()
    for lead in (ann, anna):
        run = {"sequence": sequence, "version": version, "lead": lead}
        enrolment = Enrolment.objects.create(**run, due_at=NOW, enrolled_at=NOW)
        Message.objects.create(
            enrolment=enrolment,
            sequence=sequence,
            step=version.steps.get(),
            step_key=uuid4(),
            lead=lead,
            planned_at=NOW,
            due_at=NOW,
        )
    before = everything()

    done = merge(ann, anna)
    assert Enrolment.objects.get().lead_id == ann.pk
    assert Message.objects.get().lead_id == ann.pk

    undo(done)
    assert everything() == before


def test_the_furthest_stage_the_first_touch_and_every_opt_out_are_kept(
    ann: Lead, anna: Lead
) -> None:
    place_leads({anna.pk: "mql"}, now=NOW)
    place_leads({ann.pk: "nurturing"}, now=NOW)
    touched = {"source": "google", "first_seen_at": NOW - timedelta(days=9)}
    Lead.objects.filter(pk=anna.pk).update(do_not_call=True, **touched)
    Lead.objects.filter(pk=ann.pk).update(source="bing")

    merge(ann, anna)

    ann.refresh_from_db()
    assert (ann.stage, ann.highest_stage, ann.do_not_call) == ("mql", "mql", True)
    assert (ann.source, ann.first_seen_at) == ("google", NOW - timedelta(days=9))


def test_the_owner_stays_unless_there_is_none(ann: Lead, anna: Lead, world: World) -> None:
    assign_leads([anna.pk], owner=world.rita, by=None, now=NOW)
    merge(ann, anna)
    ann.refresh_from_db()
    assert ann.owner_id == world.rita.pk


def test_companies_follow_a_merge_and_its_undoing(ann: Lead, anna: Lead) -> None:
    firm = a_company()
    Lead.objects.filter(pk=anna.pk).update(company=firm)
    a_lead(company=firm)
    place_leads({anna.pk: "sql"}, now=NOW)

    done = merge(ann, anna)
    assert Company.objects.get(pk=firm.pk).stage == "lead"
    assert Company.objects.get(pk=ann.company_id).stage == "sql"

    undo(done)
    assert Company.objects.get(pk=firm.pk).stage == "sql"
    assert Company.objects.get(pk=ann.company_id).stage == "lead"


def test_a_merge_is_told_on_the_timeline_and_is_no_sign_of_life(ann: Lead, anna: Lead) -> None:
    long_ago = NOW - timedelta(days=90)
    Lead.objects.update(last_activity_at=long_ago)

    merge(ann, anna)

    ann.refresh_from_db()
    assert ann.last_activity_at == long_ago
    fact = Activity.objects.get(lead=ann, kind=Kind.MERGED)
    assert fact.properties["lead"] == "Anna Bell"


def test_an_old_id_leads_to_the_kept_lead_over_several_merges(ann: Lead, anna: Lead) -> None:
    third = a_lead()
    merge(ann, anna)
    merge(third, ann)
    assert current_id(anna.pk) == current_id(ann.pk) == third.pk
    assert current_id(third.pk) is None


def test_scores_are_worked_out_anew(ann: Lead, anna: Lead) -> None:
    merge(ann, anna)
    assert drain() > 0


def test_who_was_told_apart_from_one_is_told_apart_from_both(ann: Lead, anna: Lead) -> None:
    other = a_lead()
    first, second = sorted([anna, other], key=lambda lead: lead.pk)
    Duplicate.objects.create(first=first, second=second, certainty=80, status="dismissed")

    done = merge(ann, anna)
    pair = Duplicate.objects.get()
    assert {pair.first_id, pair.second_id} == {ann.pk, other.pk}
    assert pair.status == "dismissed"

    undo(done)
    assert Duplicate.objects.get().pk != pair.pk


def test_undoing_brings_back_values_that_were_not_changed_since(ann: Lead, anna: Lead) -> None:
    done = merge(ann, anna, name="gone")
    change_lead(Lead.objects.get(pk=ann.pk), changes={"city": "Patras"}, now=NOW)

    undone = undo(done)

    assert undone == Undone(anna.pk, ("city",))
    ann.refresh_from_db()
    anna.refresh_from_db()
    assert (ann.name, ann.phone, ann.city) == ("Ann Bell", "", "Patras")
    assert (anna.name, anna.phone, anna.city) == ("Anna Bell", "+302101234567", "Athens")
    assert known(email="anna@home.example").pk == anna.pk
    assert current_id(anna.pk) is None


def test_what_came_in_since_stays_with_the_kept_lead(ann: Lead, anna: Lead) -> None:
    done = merge(ann, anna)
    fact = an_activity(ann)
    undo(done)
    assert Activity.objects.get(pk=fact.pk).lead_id == ann.pk


def test_a_merge_is_undone_once_and_within_thirty_days(ann: Lead, anna: Lead) -> None:
    done = merge(ann, anna)
    undo(done)
    with pytest.raises(CannotUndoMerge, match="already"):
        undo(done)

    again = merge(ann, anna)
    discard_removed(now=NOW + timedelta(days=31))
    with pytest.raises(CannotUndoMerge, match="30 days"):
        undo(again, now=NOW + timedelta(days=31))


def test_merges_are_undone_from_the_last_to_the_first(ann: Lead, anna: Lead) -> None:
    third = a_lead(name="Annie")
    first, second = merge(ann, anna), merge(ann, third)
    with pytest.raises(CannotUndoMerge, match="Annie"):
        undo(first)
    undo(second)
    undo(first)
    assert Lead.objects.count() == 3


def test_a_merged_lead_is_not_put_back_by_hand(ann: Lead, anna: Lead) -> None:
    merge(ann, anna)
    assert "undo the merge" in put_back([anna.pk], by=None, now=NOW).refused[anna.pk]


def test_the_preview_says_what_the_merge_does(ann: Lead, anna: Lead) -> None:
    a_deal(anna)
    seen = preview_of(ann.pk, anna.pk, {"name": "gone"})

    choices = {each.field: each for each in seen.choices}
    assert (choices["name"].result, choices["name"].is_open) == ("Anna Bell", True)
    assert (choices["city"].result, choices["city"].is_open) == ("Athens", False)
    moving = {each.label: each.count for each in seen.moving}
    assert moving["deals"] == 1

    merge(ann, anna, name="gone")
    ann.refresh_from_db()
    assert (ann.name, ann.city) == ("Anna Bell", "Athens")


def test_no_column_of_a_lead_is_forgotten() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
            ["leads_lead"],
        )
        columns = {row[0] for row in cursor.fetchall()} - {"workspace_id"}
    row = json.loads(json.dumps(dict.fromkeys(columns))) | {
        "attributes": {},
        "stage": "lead",
        "highest_stage": "lead",
        "cycle": 1,
        "first_seen_at": NOW.isoformat(),
        "created_at": NOW.isoformat(),
    }
    assert joined(row, row, {}).keys() | LEFT_ALONE == columns
    assert set(CHOSEN.values()) <= columns


# What a merge leaves behind on purpose: it is history.
HISTORY = {"leads_merge", "leads_profilechange"}


def everything() -> dict[str, list[str]]:
    """All rows a merge touches, but for what tells of it."""
    tables = {each.table for each in hanging_tables()} | {way.table for way in loose_references()}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables - HISTORY):
            cursor.execute(
                f"SELECT (to_jsonb(t) - 'changed_at')::text AS row FROM {table} AS t"
                " WHERE coalesce(to_jsonb(t) ->> 'kind', '') <> 'merged' ORDER BY row"
            )
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


FACTS = draw.fixed_dictionaries(
    {
        "name": draw.sampled_from(["", "Ann", "Anna"]),
        "phone": draw.sampled_from(["", "+302101234567", "+302107654321"]),
        "city": draw.sampled_from(["", "Athens"]),
        "source": draw.sampled_from(["", "google"]),
        "do_not_email": draw.booleans(),
        "attributes": draw.dictionaries(
            draw.sampled_from(["size", "plan"]), draw.sampled_from(["S", 3, True]), max_size=2
        ),
        "stage": draw.sampled_from(["lead", "mql", "sql", "nurturing", "disqualified"]),
        "facts": draw.integers(0, 3),
        "tags": draw.sets(draw.sampled_from(["fair", "hot", "old"])),
        "deals": draw.integers(0, 2),
        "browsers": draw.integers(0, 2),
    }
)


def drawn(number: int, tags: dict[str, Tag], facts: dict[str, Any]) -> Lead:
    stage, counts = facts.pop("stage"), [facts.pop(each) for each in ("facts", "deals", "browsers")]
    worn = facts.pop("tags")
    lead = known(**facts, email=f"ann{number}@firm{number}.example")
    place_leads({lead.pk: stage}, now=NOW)
    for _ in range(counts[0]):
        an_activity(lead)
    for _ in range(counts[1]):
        a_deal(lead)
    for _ in range(counts[2]):
        a_visitor(lead=lead)
    for name in worn:
        LeadTag.objects.create(lead=lead, tag=tags[name])
    return lead


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(draw.data())
def test_merging_and_undoing_leaves_every_row_as_it_was(data: draw.DataObject) -> None:
    Lead.objects.all().delete()
    LeadTag.objects.all().delete()
    Identity.objects.all().delete()
    tags = {
        name: Tag.objects.get_or_create(key=name, defaults={"name": name})[0]
        for name in ("fair", "hot", "old")
    }
    leads = [drawn(number, tags, data.draw(FACTS)) for number in range(3)]
    arrange_queue([each.pk for each in leads])
    gone, kept, third = data.draw(draw.permutations(leads))
    choices = data.draw(
        draw.dictionaries(draw.sampled_from(list(CHOSEN)), draw.sampled_from(["kept", "gone"]))
    )
    before = everything()

    first = merge_leads(kept.pk, gone.pk, choices=choices, by=None, now=NOW)
    second = merge_leads(third.pk, kept.pk, choices=choices, by=None, now=NOW)
    undo(second)
    undo(first)

    assert everything() == before
    assert not RemovedLead.objects.exists()
