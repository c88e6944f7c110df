"""The pages of segments: the list, one segment, writing, by hand, the panel beside a lead."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from leadmgmt.workspaces.addresses import workspace_reverse
from leads.actions.segments import create_segment, retire_segment
from leads.models import Lead, Membership, Segment
from leads.queries.segments import growth
from tests.builders import a_draft_of, a_lead, a_persona, a_segment
from tests.clients import client_of, drain
from tests.worlds import World

GREEK = {"all": [{"field": "country", "is": "Greece"}]}


def page(who: Any, name: str, **ids: Any) -> str:
    answer = client_of(who).get(workspace_reverse(name, **ids))
    assert answer.status_code == 200
    return answer.content.decode()


def live(world: World, name: str = "Greeks") -> Segment:
    segment = create_segment(name=name, condition=GREEK, by=world.mara, now=timezone.now())
    drain()
    segment.refresh_from_db()
    return segment


def test_a_segment_is_written_and_opened(world: World) -> None:
    a_lead(country="Greece", name="Lena")
    posted = {"name": "Greeks", "description": "Ours", "kind": "live", "save": "1"}
    posted |= a_draft_of(GREEK)

    answer = client_of(world.mara).post(workspace_reverse("leads:segment_new"), posted)

    segment = Segment.objects.get()
    assert answer["Location"] == workspace_reverse("leads:segment", id=segment.pk)
    assert "Everybody is being asked anew" in page(world.mara, "leads:segment", id=segment.pk)
    drain()
    shown = page(world.rita, "leads:segment", id=segment.pk)
    assert "Lena" in shown
    assert "ountry is" in shown


def test_a_refusal_stands_at_its_field(world: World) -> None:
    posted = {"name": "Greeks", "kind": "live", "save": "1"}

    answer = client_of(world.mara).post(workspace_reverse("leads:segment_new"), posted)

    assert answer.status_code == 422
    assert "Add a test." in answer.content.decode()


def test_what_was_asked_in_a_list_begins_a_segment(world: World) -> None:
    address = workspace_reverse("leads:segment_new")
    answer = client_of(world.mara).get(address, {"condition": json.dumps(GREEK)})
    assert 'value="Greece"' in answer.content.decode()


def test_a_changed_condition_is_built_anew(world: World) -> None:
    segment = live(world)
    posted = {"name": "Indians", "description": "", "save": "1"}
    posted |= a_draft_of({"all": [{"field": "country", "is": "India"}]})

    client_of(world.mara).post(workspace_reverse("leads:segment_edit", id=segment.pk), posted)

    segment.refresh_from_db()
    assert (segment.name, segment.is_stale) == ("Indians", True)


def test_the_list_says_who_uses_what_in_few_queries(
    world: World, django_assert_max_num_queries: Any
) -> None:
    segments = [live(world, f"Greeks {n}") for n in range(4)]
    a_persona(name="Paul", segment=segments[0])
    retire_segment(segments[1], now=timezone.now())
    client, address = client_of(world.ana), workspace_reverse("leads:segment_list")
    client.get(address)

    with django_assert_max_num_queries(20):
        shown = client.get(address).content.decode()

    assert "persona “Paul”" in shown
    assert "Still used by" in shown


def test_a_segment_page_takes_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        a_lead(country="Greece")
    address = workspace_reverse("leads:segment", id=live(world).pk)
    client = client_of(world.mara)
    client.get(address)

    with django_assert_max_num_queries(20):
        client.get(address)


def test_growth_is_counted_back_from_now(world: World) -> None:
    now = timezone.now()
    segment = a_segment(a_lead(), a_lead())
    old, gone = Membership.objects.order_by("pk")
    Membership.objects.filter(pk=old.pk).update(entered_at=now - timedelta(days=40))
    Membership.objects.filter(pk=gone.pk).update(
        entered_at=now - timedelta(days=20), left_at=now - timedelta(days=10)
    )
    segment.size = 1

    grown = growth([segment], now=now, days=30)[segment.pk]

    assert len(grown.sizes) == 31
    assert (grown.sizes[0], grown.sizes[15], grown.sizes[-1], grown.by) == (1, 2, 1, 0)


def test_freezing_retiring_restoring_and_deleting(world: World) -> None:
    segment, client = live(world), client_of(world.mara)

    def post(url_name: str, **values: str) -> None:
        client.post(workspace_reverse(url_name, id=segment.pk), values)
        segment.refresh_from_db()

    post("leads:segment_freeze", name="Greeks of March")
    assert Segment.objects.filter(kind="frozen", name="Greeks of March").exists()
    post("leads:segment_retire")
    assert segment.retired_at is not None
    post("leads:segment_restore")
    assert segment.retired_at is None
    client.post(workspace_reverse("leads:segment_delete", id=segment.pk))
    assert not Segment.objects.filter(pk=segment.pk).exists()


def test_a_used_segment_cannot_be_deleted_and_the_page_says_why(world: World) -> None:
    segment = live(world)
    a_persona(name="Paul", segment=segment)
    client = client_of(world.mara)

    answer = client.post(
        workspace_reverse("leads:segment_delete", id=segment.pk),
        headers={"Referer": "http://testserver" + workspace_reverse("leads:segment_list")},
        follow=True,
    )

    assert "persona “Paul”" in answer.content.decode()
    assert Segment.objects.filter(pk=segment.pk).exists()


def test_a_rep_puts_a_lead_into_a_frozen_segment_from_its_page(world: World) -> None:
    lead, segment = a_lead(), a_segment(name="Fair 2026")
    client = client_of(world.rita)
    assert "Fair 2026" in lead_page(world, lead)

    client.post(workspace_reverse("leads:segment_add"), {"lead": lead.pk, "segment": segment.pk})
    assert Membership.objects.get(left_at=None).lead == lead
    assert "Take out of Fair 2026" in lead_page(world, lead)

    client.post(workspace_reverse("leads:segment_remove", id=segment.pk), {"lead": lead.pk})
    assert not Membership.objects.filter(left_at=None).exists()


def lead_page(world: World, lead: Lead) -> str:
    return page(world.rita, "leads:lead", id=lead.pk)


@pytest.mark.parametrize("values", [{}, {"lead": "nonsense", "segment": "nonsense"}])
def test_nonsense_is_not_found(world: World, values: dict[str, str]) -> None:
    answer = client_of(world.rita).post(workspace_reverse("leads:segment_add"), values)
    assert answer.status_code == 404


def test_a_retired_segment_may_stay_in_a_condition_that_names_it(world: World) -> None:
    inner = live(world)
    asked = {"all": [{"field": "segments", "is_in": [str(inner.pk)]}]}
    now = timezone.now()
    outer = create_segment(name="Outer", condition=asked, by=world.mara, now=now)
    retire_segment(inner, now=now)
    posted = {"name": "Renamed", "description": "", "save": "1"} | a_draft_of(asked)
    client = client_of(world.mara)

    client.post(workspace_reverse("leads:segment_edit", id=outer.pk), posted)
    outer.refresh_from_db()
    assert outer.name == "Renamed"

    answer = client.post(workspace_reverse("leads:segment_new"), posted | {"kind": "live"})
    assert "“Greeks” has retired" in answer.content.decode()
