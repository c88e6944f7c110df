"""Who may be given work: colleagues. Closers have what they were handed, and nothing else."""

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
