"""The reasons a workspace wins and loses deals for."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from funnel.actions.pipelines import CannotShapePipeline, next_position
from funnel.models import CloseReason, DealStatus
from leads import normalising

MOST_REASONS = 40


def add_close_reason(*, status: str, name: str) -> CloseReason:
    """One more reason for deals that are won, or lost. Refuses a name that is missing or taken."""
    if status not in (DealStatus.WON, DealStatus.LOST):
        sentence = _("“%s” is no decision; deals are won or lost.")
        raise CannotShapePipeline(sentence % status, field="status")
    text = normalising.plain_text(name, field="name", most=80)
    if not text:
        raise CannotShapePipeline(_("Say the reason."), field="name")
    rows = CloseReason.objects.filter(status=status)
    try:
        with transaction.atomic():
            position = next_position(rows, MOST_REASONS, _("reasons"))
            return CloseReason.objects.create(status=status, name=text, position=position)
    except IntegrityError as problem:
        sentence = _("There is a reason “%s” already, perhaps a retired one.")
        raise CannotShapePipeline(sentence % text, field="name") from problem


def retire_close_reason(reason: CloseReason, *, now: datetime) -> None:
    """Offer it no more; deals closed for it keep it."""
    CloseReason.objects.in_use().filter(pk=reason.pk).update(retired_at=now)


def restore_close_reason(reason: CloseReason) -> None:
    """Offer it again."""
    CloseReason.objects.filter(pk=reason.pk).update(retired_at=None)
