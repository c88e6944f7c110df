"""Handing many leads to a closer at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funnel.closing.forms import HandoverForm, end_of
from funnel.closing.handing import hand_to_closer
from funnel.models import Handover
from leadmgmt.workspaces.models import Member
from leads.bulk import Change, Verb, Work


def _hand(work: Work) -> Iterable[Change]:
    """Whoever the closer has already is passed over."""
    told = work.parameters
    given = hand_to_closer(
        list(work.ids),
        closer=Member.objects.get(pk=told["closer"]),
        what=told["what"],
        until=end_of(date.fromisoformat(told["until"])),
        by=work.by,
        now=work.now,
    )
    made = Handover.objects.filter(closer=told["closer"], lead__in=given, ended_at=None)
    ids = dict(made.values_list("lead_id", "pk"))
    return [Change(lead_id, {"handover": str(ids[lead_id])}) for lead_id in given]


def _take_back(work: Work, changes: Sequence[Change]) -> int:
    """Where the closer is not done yet; what they were handed since, they keep."""
    ids = [change.before["handover"] for change in changes if "handover" in change.before]
    made = Handover.objects.open(work.now).filter(pk__in=ids)
    return int(made.update(ended_at=work.now, ended_by=work.by))


def _tell(parameters: Mapping[str, Any]) -> str:
    closer = Member.objects.filter(pk=parameters["closer"]).first()
    return _("Hand to closer %s") % (closer or "?")


HANDOVER = Verb(
    name="handover",
    label=gettext_lazy("Hand to closer"),
    icon="phone-forwarded",
    page="funnel:handover_add",
    tell=_tell,
    do=_hand,
    undo=_take_back,
    form=HandoverForm,
    hint=gettext_lazy("Closers see only the fields the workspace shows them, until the day named."),
)
