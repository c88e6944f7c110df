"""The expression of a tree, and of its leaves."""

from leads.conditions.operators import ValueKind
from leads.conditions.sql.activities import activity_sql
from leads.conditions.sql.fields import field_sql
from leads.conditions.sql.groups import consent_sql, segments_sql, tags_sql
from leads.conditions.sql.lent import lent_sql
from leads.conditions.sql.pieces import Setting, Sql, joined
from leads.conditions.tree import FieldTest, Group, Leaf, Node, Word


def node_sql(node: Node, setting: Setting) -> Sql:
    """The expression of a tree; NULL counts as a no."""
    return _group_sql(node, setting) if isinstance(node, Group) else leaf_sql(node, setting)


def leaf_sql(leaf: Leaf, setting: Setting) -> Sql:
    """The expression of one test."""
    if not isinstance(leaf, FieldTest):
        return activity_sql(leaf, setting)
    if leaf.field.lender:
        return lent_sql(leaf, setting)
    special = {
        ValueKind.TAGS: tags_sql,
        ValueKind.SEGMENTS: segments_sql,
        ValueKind.CONSENT: consent_sql,
    }
    return special.get(leaf.field.kind, field_sql)(leaf, setting)


def _group_sql(group: Group, setting: Setting) -> Sql:
    if not group.parts:
        return Sql("true")
    separator = " AND " if group.word is Word.ALL else " OR "
    parts = joined(separator, (node_sql(part, setting) for part in group.parts))
    if group.word is Word.NONE:
        return parts.inside("((", ") IS NOT TRUE)")
    return parts.inside("(", ")")
