"""How a fact reads on the timeline: an icon, a sentence, a detail, in plain English."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.kinds import Kind
from leads.models import Activity
from leads.telling.table import TELLINGS, UNKNOWN
from leads.telling.website import origin_of
from leads.telling.words import joined, text

LONGEST_TITLE = 120
LONGEST_DETAIL = 600
LONGEST_NOTE = 5_000


@dataclass(frozen=True)
class Told:
    """One fact as the timeline shows it."""

    title: str
    detail: str
    icon: str
    tone: str


def tell(activity: Activity, currency: str, *, began_at: datetime | None = None) -> Told:
    """The fact in words; a kind we do not know says its name and what came with it.

    `began_at`: when the present cycle of its lead began, unless that is the first.
    """
    said = {**activity.properties, "currency": currency, "kind": activity.kind}
    telling = TELLINGS.get(activity.kind, UNKNOWN)
    detail = telling.detail(said)
    origin = origin_of(activity) if activity.kind in (Kind.VISIT, Kind.FORM_SUBMITTED) else ""
    machine = _("Probably a machine: it counts for nothing.") if activity.is_machine else ""
    late = _late(activity, began_at)
    return Told(
        title=Truncator(telling.title(said)).chars(LONGEST_TITLE),
        detail=Truncator(joined(detail, origin, machine, late)).chars(_longest(activity)),
        icon=telling.icon,
        tone=telling.tone,
    )


def tell_views(views: Sequence[Activity]) -> Told:
    """Several page views in a row, as one line with the pages below."""
    pages = Counter(text(view.properties, "path", "?") for view in reversed(views))
    shown = [f"{path} ({times})" if times > 1 else path for path, times in pages.items()]
    title = ngettext("Viewed %(count)d page", "Viewed %(count)d pages", len(views))
    return Told(
        title=title % {"count": len(views)},
        detail=Truncator(", ".join(shown)).chars(LONGEST_DETAIL),
        icon=TELLINGS[Kind.PAGE_VIEW].icon,
        tone=TELLINGS[Kind.PAGE_VIEW].tone,
    )


def _late(activity: Activity, began_at: datetime | None) -> str:
    """It came before the present cycle, and we heard of it too late for the one it belongs to."""
    if began_at is None or not activity.occurred_at < began_at <= activity.received_at:
        return ""
    return _("Heard of after its cycle was closed: it belongs to that one, and changes no score.")


def _longest(activity: Activity) -> int:
    """A note is read whole; what machines send is not."""
    return LONGEST_NOTE if activity.kind == Kind.NOTE else LONGEST_DETAIL
