"""Making and changing forms."""

from collections.abc import Sequence

from django.utils.crypto import get_random_string

from capture.models import Form
from capture.questions import Question, refuse_unknown, refuse_unusable

TOKEN_LENGTH = 22  # letters and digits: 130 random bits


def save_form(form: Form, questions: Sequence[Question]) -> Form:
    """Store a form with its questions; a new one gets its public token.

    Refuses a list of questions that would leave nobody to answer to, and questions there are not.
    """
    refuse_unusable(questions)
    refuse_unknown(questions, known={each["key"] for each in form.fields})
    form.fields = [question.as_json() for question in questions]
    form.token = form.token or get_random_string(TOKEN_LENGTH)
    form.save()
    return form
