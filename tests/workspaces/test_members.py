"""Roles of members, and their leaving."""

import pytest
from django.utils import timezone

from leadmgmt.workspaces.actions.members import (
    CannotChangeMember,
    CannotLoseLastAdmin,
    change_role,
    remove_member,
)
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.api import key_of
from leadmgmt.workspaces.door import workspaces_of
from leadmgmt.workspaces.models import Member, Role
from tests.builders import a_key
from tests.clients import client_of


def test_a_role_is_changed(ada: Member, rita: Member) -> None:
    change_role(rita, Role.MANAGER, by=ada)
    rita.refresh_from_db()
    assert rita.role == Role.MANAGER


def test_an_unknown_role_is_refused(ada: Member, rita: Member) -> None:
    with pytest.raises(CannotChangeMember, match="king"):
        change_role(rita, "king", by=ada)


def test_who_was_removed_is_out(ada: Member, rita: Member) -> None:
    remove_member(rita, by=ada, now=timezone.now())
    assert workspaces_of(rita.user_id) == []


def test_the_last_admin_stays(ada: Member, rita: Member) -> None:
    with pytest.raises(CannotLoseLastAdmin, match="Ada is the last admin"):
        remove_member(ada, by=ada, now=timezone.now())
    with pytest.raises(CannotLoseLastAdmin):
        change_role(ada, Role.REP, by=ada)
    change_role(rita, Role.ADMIN, by=ada)
    change_role(ada, Role.REP, by=rita)
    assert Member.objects.get(pk=ada.pk).role == Role.REP


def test_who_was_removed_can_be_let_in_again_later(ada: Member, rita: Member) -> None:
    remove_member(rita, by=ada, now=timezone.now())
    browser, members = client_of(ada), workspace_reverse("workspaces:member_list")
    again = workspace_reverse("workspaces:readmit_member", id=rita.pk)
    assert again in browser.get(members).content.decode()
    browser.post(again)
    assert again not in browser.get(members).content.decode()
    assert len(workspaces_of(rita.user_id)) == 1


def test_keys_outlive_their_maker_until_they_are_revoked(ada: Member, rita: Member) -> None:
    mine, theirs = a_key(ada, label="Mine"), a_key(rita, label="Web shop")
    browser = client_of(ada)
    removal = workspace_reverse("workspaces:remove_member", id=rita.pk)
    page = browser.post(removal, follow=True)
    assert "Web shop" in page.content.decode()
    assert "Mine" not in page.content.decode()
    assert key_of(theirs.secret)
    answer = browser.post(page.request["PATH_INFO"], follow=True)
    assert "1 key that Rita made opens nothing any more." in answer.content.decode()
    assert not key_of(theirs.secret)
    assert key_of(mine.secret)


def test_who_made_no_key_is_removed_without_a_question(ada: Member, rita: Member) -> None:
    removal = workspace_reverse("workspaces:remove_member", id=rita.pk)
    assert client_of(ada).post(removal)["Location"] == workspace_reverse("workspaces:member_list")
