"""What may use a segment or a tag: every app that keeps conditions says which ask about one.

An app adds a finder; see `leads.uses`.
"""

from funnel.uses import definition_uses, health_uses, routing_uses
from leads.queries.uses import persona_uses, retention_uses, segment_uses, view_uses
from leads.uses import Finder
from scoring.uses import indicator_uses, rule_uses

FINDERS: tuple[Finder, ...] = (
    segment_uses,
    persona_uses,
    view_uses,
    retention_uses,
    rule_uses,
    indicator_uses,
    definition_uses,
    routing_uses,
    health_uses,
)
