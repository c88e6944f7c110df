"""Members: their roles, and their leaving."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.actions.teams import announce_staff, unseat
from leadmgmt.workspaces.models import Member, Role


class CannotLoseLastAdmin(Refusal):
    """Without an admin nobody could let anybody in."""


class CannotChangeMember(Refusal):
    """The role does not exist."""


@transaction.atomic
def change_role(member: Member, role: str, *, by: Member) -> None:
    """Give a member another role; closers leave their teams. Refuses the last admin."""
    if role not in Role.values:
        sentence = _("“%(value)s” is not a role; choose from %(all)s.")
        raise CannotChangeMember(
            sentence % {"value": role, "all": ", ".join(Role.values)}, field="role"
        )
    if role != Role.ADMIN:
        _check_not_last_admin(member)
    member.role = role
    if role == Role.CLOSER:  # notices and teams bring leads, and closers open none
        member.wants_mail = False
        unseat(member)
    member.save(update_fields=["role", "wants_mail"])


@transaction.atomic
def remove_member(member: Member, *, by: Member, now: datetime) -> None:
    """End a membership; what the member did keeps its name. Refuses the last admin."""
    _check_not_last_admin(member)
    member.left_at = now
    member.save(update_fields=["left_at"])
    announce_staff()


@transaction.atomic
def readmit_member(member: Member, *, by: Member) -> None:
    """Take a leaving back: the same member, with the role it had."""
    member.left_at = None
    member.save(update_fields=["left_at"])
    announce_staff()


def _check_not_last_admin(member: Member) -> None:
    # Locked, so that of two admins who leave at once one stays.
    admins = Member.objects.present().filter(role=Role.ADMIN)
    ids = list(admins.select_for_update().order_by("id").values_list("id", flat=True))
    if ids == [member.pk]:
        raise CannotLoseLastAdmin(
            _("%(name)s is the last admin; make somebody else an admin first.")
            % {"name": member.name},
            field="role",
        )
