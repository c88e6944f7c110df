"""A policy read aloud."""

from django import template
from django.utils import formats
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from sla.models import Policy

register = template.Library()

WORKING_WEEK = [0, 1, 2, 3, 4]


@register.simple_tag
def promise(policy: Policy) -> str:
    """The whole promise as one sentence."""
    sentence = _(
        "A rep answers within %(hours)s business hours of a lead becoming an MQL;"
        " the office is open %(days)s from %(opens)s to %(closes)s."
    )
    return sentence % {
        "hours": f"{policy.minutes / 60:g}",
        "days": _days(policy.days),
        "opens": formats.time_format(policy.opens, "H:i"),
        "closes": formats.time_format(policy.closes, "H:i"),
    }


def _days(days: list[int]) -> str:
    if sorted(days) == WORKING_WEEK:
        return _("Monday to Friday")
    return ", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(days))
