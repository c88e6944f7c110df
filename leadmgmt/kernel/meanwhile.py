"""What an action meets when somebody else was at the same rows in the same moment.

Actions look for what they were handed once more, locked, and let Django say that it is gone. Pages
and API turn that, and what the database refuses of its own, into a sentence here.
"""

import logging

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.utils.translation import gettext as _
from psycopg2 import errors

from leadmgmt.kernel.refusals import Conflict, Refusal

log = logging.getLogger(__name__)

CROSSED = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)


class Vanished(Refusal):
    """It was there when the page or the request was written."""

    status = 404


class Crossed(Refusal):
    """Two waited for each other, and this one was told to give way; nothing of it was saved."""

    status = 503


class Uprooted(Conflict):
    """What it hangs on went in this moment, or something was hung on what was to go."""


def refusal_of(problem: Exception) -> Refusal | None:
    """What is to be said of it; None for everything that is a fault of ours."""
    refusal = problem if isinstance(problem, Refusal) else _passing(problem)
    if refusal not in (None, problem):
        log.warning("Somebody else was quicker: %s", type(problem).__name__, exc_info=problem)
    return refusal


def _passing(problem: Exception) -> Refusal | None:
    cause = problem.__cause__ if isinstance(problem, DatabaseError) else None
    # A relation that was never there is an AttributeError as well, and a fault.
    if isinstance(problem, ObjectDoesNotExist) and not isinstance(problem, AttributeError):
        return Vanished(_("This is not there any more: somebody removed or merged it meanwhile."))
    if isinstance(cause, CROSSED):
        return Crossed(
            _("Somebody else changed the same in this very moment. Nothing was saved; try again.")
        )
    if isinstance(cause, errors.ForeignKeyViolation):
        sentence = _(
            "Something that belongs to this was removed or added in this very moment. "
            "Nothing was saved; look again, then try once more."
        )
        return Uprooted(sentence)
    return None
