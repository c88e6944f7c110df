"""Who may be given work, and who hears of what is nobody's.

Colleagues get work; closers have what they were handed, and nothing else.
"""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from leadmgmt.workspaces.models import Member, Role


def why_no_work(member: Member | None) -> str:
    """The sentence why nothing may be given to this member; empty for a colleague, and nobody."""
    if member is None or member.is_colleague:
        return ""
    sentence = _("%(name)s has left this workspace; choose somebody else.")
    if member.role == Role.CLOSER:
        sentence = _("%(name)s is an external closer and gets only handovers; choose a colleague.")
    return sentence % {"name": member.name}


def leading_members() -> Sequence[UUID]:
    """Who hears of what nobody looks after: the sales managers, or the admins if there is none."""
    present = Member.objects.present().filter(role__in=(Role.MANAGER, Role.ADMIN))
    rows = list(present.order_by("id").values_list("id", "role"))
    managers = [pk for pk, role in rows if role == Role.MANAGER]
    return managers or [pk for pk, _role in rows]
