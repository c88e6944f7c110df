"""The letter of an invitation."""

import logging
from smtplib import SMTPException

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from leadmgmt.workspaces.actions.invitations import OPEN_FOR, Letter
from leadmgmt.workspaces.addresses import absolute
from leadmgmt.workspaces.models import Member

log = logging.getLogger(__name__)


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
