"""Whether a version still says what it said."""

import hashlib
import json
from typing import Any

from scoring.models import ModelVersion, Rule

OF_VERSION = ("mode", "hot_from", "warm_from", "most", "least", "matrix", "urgency", "grades")
OF_RULE = (
    "name",
    "kind",
    "condition",
    "points",
    "per",
    "window_days",
    "cap",
    "decay",
    "half_life_days",
    "steps",
)


def fingerprint(version: ModelVersion) -> str:
    """Equal for versions that give every lead the same, for the same reasons."""
    rules = version.rules.select_related("group").order_by("position", "id")
    decisions = version.decisions.order_by("position", "id")
    said = {
        "version": {name: getattr(version, name) for name in OF_VERSION},
        "rules": [_rule(each) for each in rules],
        "decisions": [[each.name, each.condition, each.lead_class] for each in decisions],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _rule(rule: Rule) -> dict[str, Any]:
    group = rule.group
    said = {name: getattr(rule, name) for name in OF_RULE}
    return said | {"group": [group.name, group.cap] if group is not None else None}
