"""Letters we write ourselves: invitations, and notices for who wants them by email."""

import logging
from collections.abc import Sequence
from itertools import groupby
from smtplib import SMTPConnectError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from uuid import UUID

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from leadmgmt.kernel.context import current_workspace_id
from leadmgmt.workspaces.actions.invitations import OPEN_FOR, Letter
from leadmgmt.workspaces.actions.mailing import Claimed
from leadmgmt.workspaces.addresses import absolute, workspace_reverse
from leadmgmt.workspaces.models import Member, Workspace

log = logging.getLogger(__name__)

# The server was not reached, or said no before it took anything.
REFUSED = (ConnectionRefusedError, SMTPConnectError, SMTPRecipientsRefused, SMTPSenderRefused)


def address_of(letter: Letter) -> str:
    """Where the letter leads; whoever has it may come in as the person invited."""
    return absolute(reverse("accept_invitation", args=[letter.secret]))


def send_letter(letter: Letter, *, by: Member) -> bool:
    """Mail it, after the invitation is committed; False when the mail server would not."""
    words = {"by": by, "letter": letter, "url": address_of(letter), "days": OPEN_FOR.days}
    subject = render_to_string("workspaces/invitation_subject.txt", words).strip()
    text = render_to_string("workspaces/invitation.txt", words)
    try:
        send_mail(subject, text, None, [letter.invitation.email])
    except (OSError, SMTPException) as problem:
        log.warning("An invitation could not be mailed: %s", problem)
        return False
    return True


def send_notices(claimed: Sequence[Claimed]) -> tuple[int, list[UUID]]:
    """One letter for each member; how many went, and the notices the server would not take.

    A letter of which we do not know whether it went is not among them.
    """
    workspace = Workspace.objects.get(pk=current_workspace_id())
    sent, refused = 0, []
    for email, group in groupby(claimed, key=lambda each: each.email):
        notices = list(group)
        try:
            _send_notices(workspace, email, notices)
            sent += 1
        except REFUSED as problem:
            log.warning("Notices could not be mailed: %s", problem)
            refused += [each.id for each in notices]
        except (OSError, SMTPException) as problem:
            log.warning("Notices were perhaps not mailed: %s", problem)
    return sent, refused


def _send_notices(workspace: Workspace, email: str, notices: Sequence[Claimed]) -> None:
    home = absolute(workspace_reverse("workspace_home"))
    words = {
        "workspace": workspace,
        "name": notices[0].name,
        "notices": [
            {"text": each.text, "url": home + each.path if each.path else ""} for each in notices
        ],
        "url": absolute(workspace_reverse("workspaces:notice_list")),
    }
    subject = render_to_string("workspaces/notices_subject.txt", words)
    text = render_to_string("workspaces/notices.txt", words)
    send_mail(" ".join(subject.split())[:200], text, None, [email])
