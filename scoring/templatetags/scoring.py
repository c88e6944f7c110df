"""Pieces of scoring that any page may place."""

from typing import Any

from django import template

from scoring.differing import differences, version_before
from scoring.models import ModelVersion
from scoring.queries import sorts_without_points

register = template.Library()


@register.inclusion_tag("scoring/_differences.html")
def version_changes(version: ModelVersion) -> dict[str, Any]:
    """What a version, or a draft, says otherwise than the one it follows."""
    before = version_before(version)
    is_pointless = sorts_without_points()
    changes = [] if before is None else differences(before, version, is_pointless=is_pointless)
    return {"before": before, "changes": changes}
