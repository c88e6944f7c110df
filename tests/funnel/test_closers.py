"""External closers see what they were handed, only what they need, and lose it when done."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from funnel.closing.handing import CannotHandToCloser, hand_to_closer, set_sight, take_back
from funnel.models import Handover
from leadmgmt.access import API
from leadmgmt.workspaces.actions.mailing import claim_unmailed
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Notice, Role, Scope
from leads.actions.bulk import start_bulk
from leads.actions.notes import log_note
from leads.bulk import verb_called
from leads.models import Activity, Lead
from tests.architecture.routes import routes
from tests.architecture.test_api_table import keyed_address, send
from tests.builders import a_company, a_handover, a_key, a_lead, a_member
from tests.clients import JsonClient, api_of, client_of, drain
from tests.worlds import World

OPEN = {"workspace_home", "funnel:closing_list"}


@pytest.fixture
def carla(world: World) -> Member:
    return a_member(Role.CLOSER, name="Carla")


@pytest.fixture
def lead(world: World) -> Lead:
    company = a_company(name="Ada Works")
    return a_lead(
        name="Lena Handed", phone="+30 210", job_title="Secret job", company=company, stage="sql"
    )


def at(name: str, **given: Any) -> str:
    return workspace_reverse(f"funnel:{name}", **given)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_every_other_page_is_not_there_for_a_closer(carla: Member, lead: Lead) -> None:
    client = client_of(carla)
    a_handover(lead, carla)
    for route in (each for each in routes() if each.is_in_workspace):
        got, sent = client.get(route.url("acme")), client.post(route.url("acme"))
        if route.name not in OPEN:
            assert got.status_code == 404, route.name
        assert sent.status_code in (404, 405), route.name


def test_pages_of_rows_that_exist_are_not_there_either(carla: Member, lead: Lead) -> None:
    client = client_of(carla)
    a_handover(lead, carla)
    for name in ("leads:lead", "leads:lead_history", "funnel:qualification", "funnel:attempt"):
        assert client.get(workspace_reverse(name, id=lead.pk)).status_code == 404, name
    assert client.get(workspace_reverse("leads:lead_list"), {"q": "Lena"}).status_code == 404


def test_the_api_answers_a_closer_nothing(carla: Member) -> None:
    client = JsonClient()
    client.force_login(carla.user, backend="leadmgmt.workspaces.logins.PasswordBackend")
    for name, row in API.items():
        for method in row:
            assert send(client, method, keyed_address(name)).status_code in (401, 403), name


def test_a_closer_lands_on_what_they_were_handed(carla: Member, lead: Lead) -> None:
    a_handover(lead, carla)
    a_handover(a_lead(name="Somebody Else"))
    answer = client_of(carla).get("/w/acme/", follow=True)
    page = text_of(answer)
    assert "Lena Handed" in page
    assert "Somebody Else" not in page
    assert "notices/" not in page


def test_only_the_fields_of_the_workspace_are_shown(
    world: World, carla: Member, lead: Lead
) -> None:
    held = a_handover(lead, carla)
    client = client_of(carla)
    page = text_of(client.get(at("closing", id=held.pk)))
    assert "+30 210" in page
    assert "Ada Works" in page
    assert "Secret job" not in page
    set_sight(["phone"], by=world.max, now=timezone.now())
    narrowed = text_of(client.get(at("closing", id=held.pk)))
    assert "+30 210" in narrowed
    assert "Lena Handed" not in narrowed
    assert "Ada Works" not in narrowed
    assert "Lena Handed" not in text_of(client.get(at("closing_list")))


def test_what_the_closer_opened_is_kept(carla: Member, lead: Lead) -> None:
    held = a_handover(lead, carla)
    client_of(carla).get(at("closing", id=held.pk))
    client_of(carla).get(at("closing", id=held.pk))
    held.refresh_from_db()
    assert held.opened_times == 2
    assert held.opened_first_at
    assert held.opened_last_at
    assert held.opened_first_at < held.opened_last_at
    assert held.saw == ["company", "email", "guide", "name", "phone"]


@pytest.mark.parametrize("outcome", ["reached", "not_reached", "agreed", "refused"])
def test_an_outcome_ends_the_access_at_once(
    world: World, carla: Member, lead: Lead, outcome: str
) -> None:
    held = a_handover(lead, carla, handed_by=world.max)
    client = client_of(carla)
    for _click in range(2):
        client.post(at("closing_done", id=held.pk), {"outcome": outcome, "note": "On Friday"})
    held.refresh_from_db()
    assert (held.outcome, held.note, held.ended_by) == (outcome, "On Friday", carla)
    assert client.get(at("closing", id=held.pk)).status_code == 404
    assert Activity.objects.filter(lead=lead, kind="call", by=carla).count() == 1
    assert Notice.objects.get().member == world.max


def test_an_unknown_outcome_is_refused_and_the_lead_stays(carla: Member, lead: Lead) -> None:
    held = a_handover(lead, carla)
    client = client_of(carla)
    client.post(at("closing_done", id=held.pk), {"outcome": "sold"})
    assert client.get(at("closing", id=held.pk)).status_code == 200


def test_the_day_named_ends_it(carla: Member, lead: Lead) -> None:
    held = a_handover(lead, carla, until_at=timezone.now() - timedelta(seconds=1))
    client = client_of(carla)
    assert client.get(at("closing", id=held.pk)).status_code == 404
    assert client.post(at("closing_done", id=held.pk), {"outcome": "agreed"}).status_code == 404
    assert "Lena Handed" not in text_of(client.get(at("closing_list")))


def test_a_lead_that_is_taken_back_is_gone(world: World, carla: Member, lead: Lead) -> None:
    held = a_handover(lead, carla)
    assert client_of(world.max).post(at("handover_end", id=held.pk)).status_code == 302
    assert client_of(carla).get(at("closing", id=held.pk)).status_code == 404


def test_a_closer_does_not_see_what_another_was_handed(carla: Member, lead: Lead) -> None:
    held = a_handover(lead)
    client = client_of(carla)
    assert client.get(at("closing", id=held.pk)).status_code == 404
    assert client.post(at("closing_done", id=held.pk), {"outcome": "agreed"}).status_code == 404


def test_a_manager_hands_a_lead_over_on_its_page(world: World, carla: Member, lead: Lead) -> None:
    client = client_of(world.max)
    day = timezone.localdate() + timedelta(days=3)
    told = {"closer": str(carla.pk), "what": "Confirm the demo", "until": day.isoformat()}
    for _click in range(2):
        client.post(at("handover_add", id=lead.pk), told)
    held = Handover.objects.get()
    assert (held.closer, held.handed_by, held.what) == (carla, world.max, "Confirm the demo")
    assert "Confirm the demo" in text_of(client.get(at("handover_list")))
    assert "Confirm the demo" in text_of(client.get(workspace_reverse("leads:lead", id=lead.pk)))


def test_a_rep_hands_nothing_over(world: World, carla: Member, lead: Lead) -> None:
    assert client_of(world.rita).get(at("handover_add", id=lead.pk)).status_code == 403


def test_only_a_closer_can_be_handed_something(world: World, lead: Lead) -> None:
    now = timezone.now()
    with pytest.raises(CannotHandToCloser, match="Rita is no closer"):
        hand_to_closer(
            [lead.pk], closer=world.rita, what="x", until=now + timedelta(days=1), by=None, now=now
        )


def test_a_moment_that_has_passed_is_refused(carla: Member, lead: Lead) -> None:
    now = timezone.now()
    with pytest.raises(CannotHandToCloser, match="choose a day to come"):
        hand_to_closer([lead.pk], closer=carla, what="x", until=now, by=None, now=now)


def test_after_its_end_a_lead_can_be_handed_again(world: World, carla: Member, lead: Lead) -> None:
    now = timezone.now()
    told: dict[str, Any] = {"closer": carla, "what": "x", "by": world.max}
    hand_to_closer([lead.pk], **told, until=now + timedelta(days=1), now=now)
    later = now + timedelta(days=2)
    given = hand_to_closer([lead.pk], **told, until=later + timedelta(days=1), now=later)
    assert given == [lead.pk]
    take_back(Handover.objects.open(later).get(), by=world.max, now=later)
    assert not Handover.objects.open(later).exists()


def test_many_are_handed_over_at_once_and_taken_back(world: World, carla: Member) -> None:
    leads = [a_lead() for _ in range(3)]
    verb = verb_called("handover")
    assert verb is not None
    form = verb.form({"closer": str(carla.pk), "what": "Call", "until": "2096-01-01"})
    assert form.is_valid(), form.errors
    chosen = {"ids": [str(each.pk) for each in leads]}
    told: dict[str, Any] = {"parameters": form.parameters(), "selection": chosen}
    start_bulk(verb, **told, by=world.max, now=timezone.now())
    drain()
    assert Handover.objects.open(timezone.now()).count() == 3


def test_the_api_hands_over_and_takes_back(world: World, carla: Member, lead: Lead) -> None:
    key = api_of(a_key(world.ada, Scope.LEADS_READ, Scope.ROUTING_WRITE))
    until = (timezone.now() + timedelta(days=2)).isoformat()
    told = {"lead": str(lead.pk), "closer": str(carla.pk), "what": "Call", "until": until}
    held = key.post("/api/v1/handovers/", told).json()
    assert key.post("/api/v1/handovers/", told).json()["id"] == held["id"]
    assert key.post(f"/api/v1/handovers/{held['id']}/take-back/").json()["ended_at"]
    assert client_of(carla).get(at("closing", id=held["id"])).status_code == 404


def test_a_closer_who_has_left_gets_in_nowhere(carla: Member, lead: Lead) -> None:
    held = a_handover(lead, carla)
    Member.objects.filter(pk=carla.pk).update(left_at=timezone.now())
    client: Client = client_of(carla)
    assert client.get(at("closing", id=held.pk)).status_code == 404


@pytest.mark.parametrize("until", ["9999-12-31", "2300-01-01"])
def test_a_day_out_of_sight_is_refused(world: World, carla: Member, lead: Lead, until: str) -> None:
    told = {"closer": str(carla.pk), "what": "Call", "until": until}
    page = client_of(world.max).post(at("handover_add", id=lead.pk), told)
    told |= {"lead": str(lead.pk), "until": f"{until}T23:59:59Z"}
    api = api_of(a_key(world.ada)).post("/api/v1/handovers/", told)
    assert (page.status_code, api.status_code) == (422, 422)
    assert "within a hundred years" in text_of(page)
    assert not Handover.objects.exists()


def test_a_note_that_cannot_be_kept_is_refused_in_words(carla: Member, lead: Lead) -> None:
    held = a_handover(lead, carla)
    told = {"outcome": "agreed", "note": "a\0b"}
    client_of(carla).post(at("closing_done", id=held.pk), told)
    held.refresh_from_db()
    assert held.ended_at is None


def test_a_closer_who_wanted_mail_before_gets_none(world: World, carla: Member, lead: Lead) -> None:
    Member.objects.filter(pk=carla.pk).update(wants_mail=True)
    log_note(lead, text="@Carla knows", by=world.ada, now=timezone.now() - timedelta(hours=1))
    assert claim_unmailed(now=timezone.now()) == []
