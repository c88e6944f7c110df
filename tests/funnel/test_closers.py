"""External closers see what they were handed, only what they need, and lose it when done."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from funnel.closing.handing import CannotHandToCloser, hand_to_closer, set_sight, take_back
from funnel.models import Handover, SightChange
from leadmgmt.access import API
from leadmgmt.workspaces.actions.mailing import claim_unmailed
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member, Notice, Role, Scope
from leads.actions.bulk import start_bulk
from leads.actions.notes import log_note
from leads.bulk import verb_called
from leads.models import Activity, BulkAction, Lead
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


def test_what_closers_see_is_changed_on_a_page_that_tells_who_did(
    world: World, carla: Member
) -> None:
    client, page = client_of(world.max), at("closing_sight")
    assert "Nothing has changed" in text_of(client.get(page))
    for _click in range(2):
        assert client.post(page, {"shown": ["name", "phone", "city"]}).status_code == 302
    change = SightChange.objects.get()
    assert change.old == ["name", "phone", "email", "company", "guide"]
    assert (change.new, change.by) == (["name", "phone", "city"], world.max)
    shown = text_of(client.get(page))
    assert "Shown since: City" in shown
    assert "Hidden since: Email, Company, Call guide" in shown
    assert client_of(world.rita).get(page).status_code == 403


def test_programs_say_what_closers_see(world: World, carla: Member, lead: Lead) -> None:
    key, path = api_of(a_key(world.ada)), "/api/v1/closing-sight/"
    usual = key.get(path).json()["shown"]
    assert usual == ["name", "phone", "email", "company", "guide"]
    told = {"shown": ["city", "phone", "phone"], "by": str(world.max.pk)}
    for _again in range(2):
        assert key.put(path, told).json() == {"shown": ["phone", "city"]}
    page = text_of(client_of(carla).get(at("closing", id=a_handover(lead, carla).pk)))
    assert "+30 210" in page
    assert "Ada Works" not in page
    assert key.put(path, {"shown": ["salary"]}).status_code == 422
    assert key.put(path, {}).status_code == 422
    (change,) = key.get(f"{path}history/").json()["results"]
    assert (change["old"], change["new"]) == (usual, ["phone", "city"])
    assert change["by"] == str(world.max.pk)
    reader = api_of(a_key(world.ada, Scope.LEADS_READ))
    assert reader.put(path, told).status_code == 403


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


def test_a_bulk_hand_over_is_taken_back_where_the_closer_is_not_done(
    world: World, carla: Member
) -> None:
    mine, done, kept, again = (a_lead(name=name) for name in ("Mine", "Done", "Kept", "Again"))
    a_handover(kept, carla, what="By hand")
    browser, closer = client_of(world.max), client_of(carla)
    told = {"verb": "handover", "closer": str(carla.pk), "what": "Call", "until": "2096-01-01"}
    ids = [str(each.pk) for each in (mine, done, kept, again)]
    browser.post(workspace_reverse("leads:bulk_new"), told | {"ids": ids})
    drain()
    bulk = BulkAction.objects.get()
    assert (bulk.handled, bulk.changed) == (4, 3)
    held = Handover.objects.get(lead=done)
    closer.post(at("closing_done", id=held.pk), {"outcome": "agreed"})
    take_back(Handover.objects.get(lead=again), by=world.max, now=timezone.now())
    a_handover(again, carla, what="Once more")
    for _click in range(2):
        browser.post(workspace_reverse("leads:bulk_undo", id=bulk.pk))
        drain()
    now = timezone.now()
    still = Handover.objects.open(now).order_by("what").values_list("what", flat=True)
    assert list(still) == ["By hand", "Once more"]
    taken = Handover.objects.get(lead=mine)
    assert (taken.ended_by, taken.outcome) == (world.max, "")
    held.refresh_from_db()
    assert held.outcome == "agreed"
    assert closer.get(at("closing", id=taken.pk)).status_code == 404
    page = text_of(browser.get(workspace_reverse("leads:bulk", id=bulk.pk)))
    assert "Hand to closer Carla" in page


def test_programs_hand_over_many_and_take_it_back(world: World, carla: Member) -> None:
    leads = [a_lead() for _ in range(3)]
    api, path = api_of(a_key(world.ada)), "/api/v1/bulk-actions/"
    answers = {"closer": str(carla.pk), "what": "Call", "until": "2096-01-01"}
    told: dict[str, Any] = {"kind": "handover", "parameters": answers}
    told["selection"] = {"ids": [str(each.pk) for each in leads]}
    made = api.post(path, told).json()
    drain()
    assert api.get(f"{path}{made['id']}/").json()["changed"] == 3
    assert api.post(f"{path}{made['id']}/undo/").status_code == 200
    drain()
    assert not Handover.objects.open(timezone.now()).exists()
    assert api.get(f"{path}{made['id']}/").json()["status"] == "undone"
    wrong = told | {"parameters": answers | {"closer": str(world.rita.pk)}}
    assert api.post(path, wrong).status_code == 422
    late = told | {"parameters": answers | {"until": "2001-01-01"}}
    assert api.post(path, late).status_code == 422


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
