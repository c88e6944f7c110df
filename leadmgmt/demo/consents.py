"""What people of the demo allow: three purposes, and answers given by phone, mail and form."""

from datetime import datetime, timedelta

from leads.actions.consents import NewConsent, record_consents, save_purpose
from leads.models import Lead, Purpose

DAY = timedelta(days=1)
LEADS = 120
PURPOSES = (
    ("Newsletter", "May we write to you once a month about planning technicians' work?"),
    ("Calls", "May we call you about offers that may suit your firm?"),
    ("References", "May we name your firm as one that works with Northlight?"),
)
SOURCES = ("website", "phone", "email", "paper")


def ask_consent(*, now: datetime) -> None:
    """Ask the newest people; some say no, some change their mind."""
    purposes = [save_purpose(Purpose(), name=name, wording=wording) for name, wording in PURPOSES]
    leads = list(Lead.objects.order_by("-last_activity_at", "id").values_list("pk", flat=True))
    said = [
        NewConsent(
            lead,
            purpose.pk,
            is_given=(number + asked) % 5 != 4,
            source=SOURCES[(number + asked) % len(SOURCES)],
            occurred_at=now - (number % 60 + 2) * DAY,
        )
        for number, lead in enumerate(leads[:LEADS])
        for asked, purpose in enumerate(purposes)
        if (number + 2 * asked) % 3 != 2
    ]
    withdrawn = [
        NewConsent(each.lead_id, each.purpose_id, False, "email", occurred_at=now - DAY)
        for each in said[::17]
        if each.is_given
    ]
    record_consents([*said, *withdrawn], by=None, now=now, is_quiet=True)
