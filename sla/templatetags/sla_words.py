"""A policy read aloud."""

from django import template
from django.utils import formats
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sla.models import Policy

register = template.Library()

WORKING_WEEK = [0, 1, 2, 3, 4]
WHOLE_HOURS = 120  # minutes; below it, a part of an hour is said in minutes


@register.simple_tag
def promise(policy: Policy) -> str:
    """The whole promise as one sentence."""
    sentence = _(
        "A rep answers within %(time)s of a lead becoming an MQL;"
        " the office is open %(days)s from %(opens)s to %(closes)s."
    )
    return sentence % {
        "time": _business_time(policy.minutes),
        "days": _days(policy.days),
        "opens": formats.time_format(policy.opens, "H:i"),
        "closes": formats.time_format(policy.closes, "H:i"),
    }


def _business_time(minutes: int) -> str:
    if minutes % 60 and minutes < WHOLE_HOURS:
        said = ngettext("%(n)d business minute", "%(n)d business minutes", minutes)
        return said % {"n": minutes}
    hours = f"{minutes / 60:g}"
    said = ngettext("%(n)s business hour", "%(n)s business hours", 1 if minutes == 60 else 2)
    return said % {"n": hours}


def _days(days: list[int]) -> str:
    if len(set(days)) == len(WEEKDAYS_ABBR):
        return _("every day")
    if sorted(days) == WORKING_WEEK:
        return _("Monday to Friday")
    return ", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(days))
