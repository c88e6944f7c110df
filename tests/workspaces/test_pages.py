"""The pages of workspaces, as people use them."""

import re

import pytest
from django.core import mail
from django.test import Client

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.models import OutboxRow
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import ApiKey, Invitation, Member, Role, Workspace
from tests.builders import a_key, a_user
from tests.clients import client_of
from tests.worlds import World


def _letter_url() -> str:
    found = re.search(r"http://[^/]+(/invitation/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


@pytest.mark.parametrize("page", ["member_list", "key_list", "settings", "stuck_work"])
def test_an_admin_opens_every_page(ada: Member, page: str) -> None:
    a_key(ada)
    answer = client_of(ada).get(workspace_reverse(f"workspaces:{page}"))
    assert answer.status_code == 200
    assert "Acme" in answer.content.decode()


def test_members_are_listed_in_a_fixed_number_of_queries(
    ada: Member, django_assert_num_queries: object
) -> None:
    client = client_of(ada)
    client.get(workspace_reverse("workspaces:member_list"))
    # session, user, door, member; members, invitations, former members
    with django_assert_num_queries(6):  # type: ignore[operator]
        answer = client.get(workspace_reverse("workspaces:member_list"))
    assert "rita@example.com" in answer.content.decode()


def test_a_stranger_comes_in_by_letter(ada: Member) -> None:
    client_of(ada).post(
        workspace_reverse("workspaces:invite"), {"email": "New@example.com", "role": "marketer"}
    )
    url, stranger = _letter_url(), Client()
    assert "Join Acme" in stranger.get(url).content.decode()
    with inside(None):
        answer = stranger.post(url, {"name": "Nia", "password": "correct horse battery"})
    assert answer["Location"] == "/w/acme/"
    assert stranger.get("/w/acme/").status_code == 302
    assert Member.objects.get(name="Nia").role == Role.MARKETER
    assert Client().get(url).status_code == 410


def test_a_weak_password_is_refused_at_its_field(ada: Member) -> None:
    client_of(ada).post(
        workspace_reverse("workspaces:invite"), {"email": "new@example.com", "role": "rep"}
    )
    answer = Client().post(_letter_url(), {"name": "Nia", "password": "password"})
    assert answer.status_code == 422
    assert "too short" in answer.content.decode()


def test_a_person_with_a_login_is_asked_to_log_in(ada: Member) -> None:
    user = a_user()
    client_of(ada).post(
        workspace_reverse("workspaces:invite"), {"email": user.email, "role": "rep"}
    )
    assert "Log in, and you will come back" in Client().get(_letter_url()).content.decode()
    client_of(user).post(_letter_url(), {"name": "Nia"})
    assert Member.objects.get(name="Nia").user_id == user.pk


def test_somebody_else_does_not_join_with_the_letter(ada: Member, gus: Member) -> None:
    client_of(ada).post(
        workspace_reverse("workspaces:invite"), {"email": "new@example.com", "role": "rep"}
    )
    answer = client_of(gus).post(_letter_url(), {"name": "Gus"})
    assert answer.status_code == 422
    assert not Member.objects.filter(user_id=gus.user_id).exists()


def test_a_wrong_letter_is_a_typo(world: World) -> None:
    assert Client().get("/invitation/guess/").status_code == 404


def test_a_member_invited_again_is_refused_at_the_field(ada: Member) -> None:
    answer = client_of(ada).post(
        workspace_reverse("workspaces:invite"), {"email": "rita@example.com", "role": "rep"}
    )
    assert answer.status_code == 422
    assert "is a member already" in answer.content.decode()


def test_an_invitation_is_sent_again_or_withdrawn(ada: Member) -> None:
    client = client_of(ada)
    client.post(workspace_reverse("workspaces:invite"), {"email": "a@example.com", "role": "rep"})
    invitation, first = Invitation.objects.get(), _letter_url()
    client.post(workspace_reverse("workspaces:renew_invitation", id=invitation.pk))
    assert Client().get(first).status_code == 404
    second = _letter_url()
    assert Client().get(second).status_code == 200
    client.post(workspace_reverse("workspaces:withdraw_invitation", id=invitation.pk))
    assert Client().get(second).status_code == 410


def test_a_role_is_changed_and_a_member_removed(ada: Member, rita: Member) -> None:
    client = client_of(ada)
    client.post(workspace_reverse("workspaces:change_role", id=rita.pk), {"role": "manager"})
    assert Member.objects.get(pk=rita.pk).role == Role.MANAGER
    client.post(workspace_reverse("workspaces:remove_member", id=rita.pk))
    assert client_of(rita).get("/w/acme/").status_code == 404
    client.post(workspace_reverse("workspaces:readmit_member", id=rita.pk))
    assert client_of(rita).get("/w/acme/").status_code == 302


def test_removing_the_last_admin_is_a_message(ada: Member) -> None:
    answer = client_of(ada).post(
        workspace_reverse("workspaces:remove_member", id=ada.pk),
        headers={"referer": "http://testserver/w/acme/members/"},
        follow=True,
    )
    assert "Ada is the last admin" in answer.content.decode()


def test_a_key_is_shown_once_and_revoked(ada: Member) -> None:
    client, url = client_of(ada), workspace_reverse("workspaces:key_list")
    shown = client.post(url, {"label": "Shop", "scopes": ["leads:read"]}).content.decode()
    found = re.search(r"lm_[\w-]{40,}", shown)
    assert found
    assert found[0] not in client.get(url).content.decode()
    client.post(workspace_reverse("workspaces:revoke_key", id=ApiKey.objects.get().pk))
    assert ApiKey.objects.get().revoked_at is not None


def test_settings_are_saved(ada: Member, acme: Workspace) -> None:
    client_of(ada).post(
        workspace_reverse("workspaces:settings"),
        {"name": "Acme Ltd", "time_zone": "Asia/Tokyo", "currency": "JPY"},
    )
    acme.refresh_from_db()
    assert (acme.name, acme.time_zone, acme.currency) == ("Acme Ltd", "Asia/Tokyo", "JPY")


def test_stuck_work_is_shown_and_tried_again(ada: Member, acme: Workspace) -> None:
    row = OutboxRow.objects.create(
        reaction="leads.reactions.forgotten", payload={}, set_aside_at=acme.created_at, attempts=8
    )
    client, url = client_of(ada), workspace_reverse("workspaces:stuck_work")
    assert "leads.reactions.forgotten" in client.get(url).content.decode()
    client.post(url, {"row": [str(row.pk)]})
    row.refresh_from_db()
    assert (row.set_aside_at, row.attempts) == (None, 0)


def test_home_leads_everybody_somewhere(world: World) -> None:
    assert "Sign up" in Client().get("/").content.decode()
    nobody = client_of(a_user())
    assert nobody.get("/")["Location"] == "/workspaces/new/"
    assert "ask an admin for an invitation" in nobody.get("/workspaces/").content.decode()
    assert client_of(world.rita).get("/")["Location"] == "/w/acme/"
    with inside(world.globex.pk):
        Member.objects.create(user=world.ada.user, name="Ada", role=Role.REP)
    assert client_of(world.ada).get("/")["Location"] == "/workspaces/"
    assert "Globex" in client_of(world.ada).get("/workspaces/").content.decode()


def test_a_new_workspace_is_made_by_its_page(world: World) -> None:
    client = client_of(a_user())
    assert client.get("/workspaces/new/").status_code == 200
    answer = client.post(
        "/workspaces/new/",
        {"name": "Initech", "member_name": "Nora", "time_zone": "UTC", "currency": "EUR"},
    )
    assert answer["Location"] == "/w/initech/"
    assert client.post("/workspaces/new/", {"name": " "}).status_code == 422


def test_signing_up_asks_to_verify_the_address(world: World) -> None:
    stranger, password = Client(), "correct horse battery"
    form = {"email": "sig@example.com", "password1": password, "password2": password}
    answer = stranger.post("/accounts/signup/", form)
    assert answer["Location"] == "/accounts/confirm-email/"
    found = re.search(r"http://[^/]+(/accounts/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert found
    assert stranger.post(found[1]).status_code == 302
    login = {"login": "sig@example.com", "password": password}
    assert stranger.post("/accounts/login/", login)["Location"] == "/"
