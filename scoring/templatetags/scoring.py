"""Pieces of scoring that any page may place."""

from typing import Any

from django import template

from scoring.differing import differences, version_before
from scoring.models import ModelVersion

register = template.Library()


@register.inclusion_tag("scoring/_differences.html")
def version_changes(version: ModelVersion) -> dict[str, Any]:
    """What a version, or a draft, says otherwise than the one it follows."""
    before = version_before(version)
    changes = differences(before, version) if before is not None else []
    return {"before": before, "changes": changes}
