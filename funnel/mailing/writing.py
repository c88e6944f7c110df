"""What a letter says, and who reads the answer."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from funnel.care.contents import opened_file
from funnel.care.teaching import link_of
from funnel.models import TrainingContent, TrainingLetter
from leadmgmt.kernel.letterhead import address_of_firm, headers_of, one_line
from leadmgmt.workspaces.models import Workspace


def write_letter(letter: TrainingLetter, firm: Workspace) -> EmailMultiAlternatives:
    """The mail, with the link that is this person's alone; whoever sent it reads the answer.

    Raises FileNotFoundError when the file that is to go with it is lost.
    """
    content, by = letter.training.content, letter.asked_by
    mail = EmailMultiAlternatives(
        subject=one_line(content.title),
        body=text_of(letter, firm),
        from_email=address_of_firm(firm.name),
        to=[letter.training.lead.email],
        reply_to=[by.user.email] if by is not None and by.left_at is None else None,
        headers=headers_of(letter.pk),
    )
    if letter.is_with_file:
        mail.attach(content.file_name, _bytes_of(content), "application/octet-stream")
    return mail


def text_of(letter: TrainingLetter, firm: Workspace) -> str:
    """The words, as they are read."""
    words = {
        "letter": letter,
        "firm": firm,
        "by": letter.asked_by,
        "content": letter.training.content,
        "link": link_of(letter.training),
    }
    return render_to_string("funnel/training_letter.txt", words)


def _bytes_of(content: TrainingContent) -> bytes:
    file = opened_file(content)
    if file is None:
        raise FileNotFoundError(content.file_name)
    with file:
        return bytes(file.read())
