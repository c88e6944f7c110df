"""What templates ask about customers."""

from datetime import date

from django import template

from funnel.care.whose import is_of_others
from funnel.models import Customer
from leadmgmt.workspaces.models import Member, Role

register = template.Library()

SELLING = (Role.ADMIN, Role.MANAGER, Role.REP)


@register.filter
def sees_to(member: Member, customer: Customer) -> bool:
    """Whether the member may act on the renewals of this customer."""
    return member.role in SELLING and not is_of_others(customer, member)


@register.filter
def as_day(text: str | None) -> date | None:
    """A day that was kept as text."""
    return date.fromisoformat(text) if text else None
