"""The ticked box of a form becomes a row of the ledger of consents."""

from datetime import datetime

from capture.models import Form, Submission
from leads.actions.consents import NewConsent, record_consents

SOURCE = "website"


def record_agreement(form: Form, submission: Submission, *, now: datetime) -> None:
    """Write down what the sender of an accepted answer gave leave for, in the words they saw.

    Nothing for a form without purpose, and for one that is not asked for any more.
    """
    purpose, lead_id = form.purpose, submission.lead_id
    if not submission.consent or lead_id is None or purpose is None or purpose.retired_at:
        return
    proof = {"form": form.name, "submission": str(submission.pk), "page": submission.page}
    agreed = NewConsent(
        lead_id,
        purpose.pk,
        is_given=True,
        source=SOURCE,
        wording=submission.consent,
        proof={name: value for name, value in proof.items() if value},
        occurred_at=submission.received_at,
    )
    record_consents([agreed], by=None, now=now)
