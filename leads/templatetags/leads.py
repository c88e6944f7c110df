"""Small words for pages of leads."""

import re
from collections.abc import Mapping
from typing import Any

import phonenumbers
from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import escape
from django.utils.safestring import SafeString

from leads.models import Lead
from leads.queries.timelines import Happened

register = template.Library()


@register.filter
def title_of(lead: Lead) -> str:
    """What to call a lead whose name may be unknown."""
    return str(lead)


@register.filter
def note_of(lead: Lead) -> str:
    """The second line under the name: company, else email."""
    return lead.company.name if lead.company else (lead.email if lead.name else "")


@register.filter
def who_of(row: Happened) -> str:
    """Who did it: a member; on a company's timeline the person it happened to as well."""
    activity = row.activity
    names = [str(activity.by)] if activity.by_id else []
    if "lead" in activity._state.fields_cache:
        names.insert(0, str(activity.lead))
    return " · ".join(names)


@register.filter
def detail_of(row: Happened) -> SafeString:
    """What it says, line by line; colleagues named in a note stand out."""
    shown = linebreaksbr(row.told.detail)
    names = row.activity.properties.get("mentions")
    if not isinstance(names, list) or not names:
        return shown
    longest_first = sorted((str(escape(f"@{name}")) for name in names), key=len, reverse=True)
    pattern = "|".join(re.escape(each) for each in longest_first)
    marked = re.sub(pattern, r'<span class="mention">\g<0></span>', shown, flags=re.IGNORECASE)
    return SafeString(marked)  # of escaped text and our own span


@register.filter
def phone(number: str) -> str:
    """A number as people read it: `+30 21 0123 4567`."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


@register.filter
def value(mapping: Mapping[Any, Any], name: Any) -> Any:
    """`mapping[name]`, "" when there is none."""
    return mapping.get(name, "")


@register.filter
def split(words: str) -> list[str]:
    """Words between commas."""
    return words.split(",")
