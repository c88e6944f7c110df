"""What the worker repeats for leads."""

from django.db import connection

MONTHS_AHEAD = 3


def make_activity_months() -> None:
    """Make room for the activities of the months to come; see migration 0002."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT leads_make_activity_months(%s)", [MONTHS_AHEAD])
