"""Finding leads by what somebody types into a search box."""

from django.db.models import Q
from django.db.models.expressions import RawSQL

MOST = 2_000
LONGEST = 200


def found_by(asked: str) -> Q:
    """Leads with a name, email, phone or company that has every word asked for as a beginning.

    At most MOST of them, any: who types so little wants to type more. Runs as the platform role,
    which repeats the workspace condition; see migration 0004.
    """
    text = asked[:LONGEST].replace("\0", "").encode(errors="ignore").decode()
    return Q(id__in=RawSQL("SELECT platform_find_leads(%s, %s)", [text, MOST]))
