"""Trying an email out before anybody else gets it."""

from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _

from leadmgmt.kernel.postman import Fate, Postman
from leadmgmt.kernel.refusals import Refusal
from leadmgmt.workspaces.models import Member
from leads.models import Lead
from nurturing.letters import Text, preview, sender_address
from nurturing.models import Step
from nurturing.queries.contexts import contexts_of


class CannotSendTest(Refusal):
    """The mail server would not take it."""


def send_test(step: Step, *, lead: Lead, to: Member) -> str:
    """Send the email, filled in for `lead`, to a member; its links are not followed up.

    The address it went to; refuses with the mail server's words.
    """
    context = contexts_of([UUID(str(lead.pk))])[lead.pk]
    letter = preview(Text(step.subject, step.preheader, step.body), context)
    email = to.user.email
    mail = EmailMultiAlternatives(
        subject=_("[Test] %s") % letter.subject,
        body=letter.plain,
        from_email=sender_address(context),
        to=[email],
    )
    mail.attach_alternative(letter.html, "text/html")
    with Postman() as postman:
        outcome = postman.deliver(mail)
    if outcome.fate is not Fate.SENT:
        raise CannotSendTest(_("The test was not sent: %s") % outcome.problem)
    return str(email)
