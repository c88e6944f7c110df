"""Asking for a letter: who may be written to, and that asking twice is asking once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from funnel.care.catalogue import CannotSaveCare
from funnel.care.contents import opened_file
from funnel.care.teaching import refuse_strangers
from funnel.models import Training, TrainingContent, TrainingLetter
from funnel.objecting import objections_of
from leadmgmt.kernel.refusals import Conflict, Refusal
from leadmgmt.workspaces.models import Member
from leads import normalising
from leads.actions.files import MEGABYTE
from leads.models import Lead

LONGEST_NOTE = 1_000
LARGEST_ATTACHED = 10 * MEGABYTE  # many mailboxes take no more
MOST_LETTERS = 50


class CannotSendTraining(Refusal):
    """The person must not, or cannot, be written to."""


class LetterUnderWay(Conflict):
    """The letter before it has not come to anything yet."""


def send_training(
    training: Training,
    *,
    by: Member | None,
    now: datetime,
    note: str = "",
    is_with_file: bool = False,
    after: int = 0,
) -> TrainingLetter:
    """Have the link emailed to whom the training was given, once.

    `after`: the number of the last letter whoever asks knows of. If there is a later one, that is
    the answer, and nothing more is sent: a button pressed twice sends once. Refuses people without
    an address, who want no emails, or whose address takes none; and files that are too large.
    """
    with transaction.atomic():
        held = Training.objects.select_for_update(no_key=True, of=("self",))
        held = held.select_related("lead", "content").get(pk=training.pk)
        last: TrainingLetter | None = held.letters.order_by("-number").first()
        if last is not None and last.number > after:
            return last
        _refuse_skipping(last, after)
        refuse_strangers([held.lead_id])
        if problem := objection_to(held.lead):
            raise CannotSendTraining(problem, field="lead")
        if is_with_file:
            _refuse_large(held.content)
        return TrainingLetter.objects.create(
            training=held,
            number=after + 1,
            note=normalising.plain_lines(note, field="note", most=LONGEST_NOTE),
            is_with_file=is_with_file,
            to=held.lead.email,
            subject=held.content.title,
            asked_at=now,
            asked_by=by,
            due_at=now,
        )


def objection_to(lead: Lead) -> str:
    """Why this person is not written to; empty if they may be."""
    objections = objections_of([] if lead.do_not_email else [lead.email])
    return objection(lead, objections.get(lead.email.lower(), ""))


def objection(lead: Lead, why: str) -> str:
    """The same, when it is known already why the address objects."""
    told = {"lead": lead, "email": lead.email, "why": why}
    if not lead.email:
        return _("%(lead)s has no email address. Add one, or give them the link yourself.") % told
    if lead.do_not_email:
        return _("%(lead)s wants no emails from us. Give them the link in another way.") % told
    if why:
        sentence = _("We do not write to %(email)s: %(why)s. Give them the link in another way.")
        return sentence % told
    return ""


def _refuse_skipping(last: TrainingLetter | None, after: int) -> None:
    known = last.number if last else 0
    if after > known:
        sentence = _("There is no letter number %(after)d; the last one is %(known)d.")
        raise CannotSaveCare(sentence % {"after": after, "known": known}, field="after")
    if last is not None and last.is_under_way:
        raise LetterUnderWay(_("The email to %s is under way already.") % last.to)
    if known >= MOST_LETTERS:
        sentence = _("They were sent this %d times, which is the most allowed.")
        raise CannotSendTraining(sentence % MOST_LETTERS)


def _refuse_large(content: TrainingContent) -> None:
    file = opened_file(content)
    if file is None:
        sentence = _("“%s” is no file, so nothing can be attached; send the link.")
        raise CannotSendTraining(sentence % content, field="is_with_file")
    with file:
        if file.size > LARGEST_ATTACHED:
            sentence = _("The file is above %d MB, which many mailboxes refuse; send the link.")
            told = LARGEST_ATTACHED // MEGABYTE
            raise CannotSendTraining(sentence % told, field="is_with_file")
