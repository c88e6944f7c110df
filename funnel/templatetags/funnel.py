"""What templates ask about a definition."""

from django import template

from funnel.models import Definition
from funnel.queries.subcategories import Subcategory, subcategories_of

register = template.Library()


@register.filter
def subcategories(definition: Definition) -> list[Subcategory]:
    """The parts of a stage, each with the list of who is in it."""
    return subcategories_of(definition)
