"""Invitations: sent by email, accepted by whoever the letter is for."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.hashing import hashed
from leadmgmt.workspaces.models import Invitation, Member, Role, User, Workspace

OPEN_FOR = timedelta(days=7)


class CannotInvite(Refusal):
    """There is nobody to invite, or nothing to invite them as."""


class CannotAcceptInvitation(Conflict):
    """The letter is void, or for somebody else."""


@dataclass(frozen=True)
class Letter:
    """An invitation and the secret that only the letter carries."""

    invitation: Invitation
    secret: str


@transaction.atomic
def invite_member(email: str, *, role: str, by: Member, now: datetime) -> Letter:
    """Invite a person; an earlier invitation of the same person becomes void.

    Refuses an unknown role, and somebody who is a member already.
    """
    email = email.strip().lower()
    if role not in Role.values:
        sentence = _("“%(value)s” is not a role; choose from %(all)s.")
        raise CannotInvite(sentence % {"value": role, "all": ", ".join(Role.values)}, field="role")
    if Member.objects.present().filter(user__email=email).exists():
        sentence = _("%(email)s is a member already; change the role in the list.")
        raise CannotInvite(sentence % {"email": email}, field="email")
    # One after the other, so that a double click leaves one open invitation.
    Workspace.objects.select_for_update(no_key=True).get(pk=current_workspace_id())
    Invitation.objects.open(now).filter(email=email).update(withdrawn_at=now)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        secret_hash=hashed(secret),
        invited_by_id=by.user_id,
        expires_at=now + OPEN_FOR,
    )
    return Letter(invitation, secret)


@transaction.atomic
def renew_invitation(invitation: Invitation, *, now: datetime) -> Letter:
    """A new secret and seven more days; the letter sent before becomes void."""
    _check_unanswered(invitation)
    secret = secrets.token_urlsafe(32)
    invitation.secret_hash, invitation.expires_at = hashed(secret), now + OPEN_FOR
    invitation.save(update_fields=["secret_hash", "expires_at"])
    return Letter(invitation, secret)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, now: datetime) -> None:
    """Nobody comes in with it any more; withdrawing twice changes nothing."""
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=now
    )


@transaction.atomic
def accept_invitation(invitation: Invitation, *, user: User, name: str, now: datetime) -> Member:
    """Make `user` a member, also one who had left. Needs to be inside the workspace.

    Refuses a void letter, and one written to another address.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    check_acceptable(invitation, now=now)
    if user.email != invitation.email:
        sentence = _("This invitation is for %(theirs)s, and you are logged in as %(yours)s.")
        raise CannotAcceptInvitation(sentence % {"theirs": invitation.email, "yours": user.email})
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    values = {"role": invitation.role, "name": name.strip() or user.short_name, "left_at": None}
    return Member.objects.update_or_create(user=user, defaults=values)[0]


@transaction.atomic
def join_as_new(
    invitation: Invitation, *, name: str, password: str, now: datetime
) -> tuple[User, Member]:
    """A person without a login gets one; the letter has proved the address."""
    user = User.objects.create_user(invitation.email, password, name=name.strip())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user, accept_invitation(invitation, user=user, name=name, now=now)


def check_acceptable(invitation: Invitation, *, now: datetime) -> None:
    """Refuse a letter that is answered, withdrawn or too old."""
    _check_unanswered(invitation)
    if invitation.expires_at <= now:
        raise CannotAcceptInvitation(_("This invitation has expired; ask for a new one."))


def _check_unanswered(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise CannotAcceptInvitation(_("This invitation has been accepted already."))
    if invitation.withdrawn_at is not None:
        raise CannotAcceptInvitation(_("This invitation has been withdrawn; ask for a new one."))
