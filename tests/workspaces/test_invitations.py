"""Inviting people, and their coming in."""

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from leadmgmt.workspaces.actions.invitations import (
    CannotAcceptInvitation,
    CannotInvite,
    Letter,
    accept_invitation,
    invite_member,
    join_as_new,
    renew_invitation,
    withdraw_invitation,
)
from leadmgmt.workspaces.actions.members import remove_member
from leadmgmt.workspaces.models import Invitation, Member, Role, User
from tests.builders import a_user

NOW = timezone.now()


def _letter(by: Member, email: str = "new@example.com", now: datetime = NOW) -> Letter:
    return invite_member(email, role=Role.MARKETER, by=by, now=now)


def _accept(letter: Letter, user: User, now: datetime = NOW) -> Member:
    return accept_invitation(letter.invitation, user=user, name="", now=now)


def test_only_a_hash_of_the_secret_is_kept(ada: Member) -> None:
    letter = _letter(ada)
    row = Invitation.objects.values().get()
    assert letter.secret not in str(row)
    assert row["expires_at"] == NOW + timedelta(days=7)


def test_a_person_with_a_login_joins(ada: Member) -> None:
    user = a_user(email="new@example.com", name="Nia")
    member = _accept(_letter(ada, " New@Example.com "), user)
    assert (member.role, member.name, member.left_at) == (Role.MARKETER, "Nia", None)


def test_a_person_without_a_login_gets_one(ada: Member) -> None:
    user, member = join_as_new(
        _letter(ada).invitation, name="Nia", password="correct horse battery", now=NOW
    )
    assert (member.user_id, member.name) == (user.pk, "Nia")
    assert EmailAddress.objects.get(user=user).verified


def test_a_letter_lets_in_once(ada: Member) -> None:
    letter = _letter(ada)
    user = a_user(email="new@example.com")
    _accept(letter, user)
    with pytest.raises(CannotAcceptInvitation, match="accepted already"):
        _accept(letter, user)


def test_a_letter_for_somebody_else_is_refused(ada: Member) -> None:
    with pytest.raises(CannotAcceptInvitation, match="This invitation is for new"):
        _accept(_letter(ada), a_user())


def test_an_old_letter_is_void(ada: Member) -> None:
    user = a_user(email="new@example.com")
    with pytest.raises(CannotAcceptInvitation, match="expired"):
        _accept(_letter(ada), user, NOW + timedelta(days=7))


def test_a_withdrawn_letter_is_void(ada: Member) -> None:
    letter = _letter(ada)
    withdraw_invitation(letter.invitation, now=NOW)
    with pytest.raises(CannotAcceptInvitation, match="withdrawn"):
        _accept(letter, a_user(email="new@example.com"))


def test_a_renewed_letter_replaces_the_old(ada: Member) -> None:
    first = _letter(ada)
    old_hash = first.invitation.secret_hash
    renewed = renew_invitation(first.invitation, now=NOW + timedelta(days=9))
    assert not Invitation.objects.filter(secret_hash=old_hash).exists()
    _accept(renewed, a_user(email="new@example.com"), NOW + timedelta(days=10))


def test_inviting_twice_voids_the_first(ada: Member) -> None:
    first, second = _letter(ada), _letter(ada)
    first.invitation.refresh_from_db()
    assert first.invitation.withdrawn_at == NOW
    assert list(Invitation.objects.open(NOW)) == [second.invitation]


def test_a_member_is_not_invited_again(ada: Member, rita: Member) -> None:
    with pytest.raises(CannotInvite, match="member already"):
        _letter(ada, rita.user.email)


def test_who_left_may_come_back(ada: Member, rita: Member) -> None:
    remove_member(rita, by=ada, now=NOW)
    member = _accept(_letter(ada, rita.user.email), rita.user)
    assert (member.pk, member.role, member.left_at) == (rita.pk, Role.MARKETER, None)


def test_an_unknown_role_is_refused(ada: Member) -> None:
    with pytest.raises(CannotInvite, match="king"):
        invite_member("new@example.com", role="king", by=ada, now=NOW)
