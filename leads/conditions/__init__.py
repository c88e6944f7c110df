"""One small language for “which leads?”: segments, score rules, stage criteria, triggers, routing.

A condition is a JSON tree of field tests and activity tests under all / any / none. Unknown values
fail every test but `is_known: false`; activities judged to be a machine's do not count; windows
are whole days of the workspace: `within_days: 14` is today and the fourteen days before. Tags,
segments and consent are always known: who was never asked has not been asked.
"""

from leads.conditions.aloud import read_aloud
from leads.conditions.calendar import Calendar, calendar_at
from leads.conditions.condition import Condition, Holds, matching
from leads.conditions.counting import Counted, count_leads
from leads.conditions.explaining import Explained, explain
from leads.conditions.facts import (
    A_NEW_DAY,
    NEW_LEADS,
    Aspect,
    Change,
    Facts,
    changes_of,
    kinds_of_fact,
    memberships_changed,
    segments_in,
)
from leads.conditions.fields import About, Field, Noun
from leads.conditions.known import known_fields
from leads.conditions.operators import ValueKind
from leads.conditions.parsing.nodes import condition_from_query, parse
from leads.conditions.parsing.refusing import WrongCondition
from leads.conditions.sql.pieces import Sql
from leads.conditions.tree import ActivityTest, FieldTest, Group, Node, PropertyTest, Test, Word

__all__ = [
    "A_NEW_DAY",
    "NEW_LEADS",
    "About",
    "ActivityTest",
    "Aspect",
    "Calendar",
    "Change",
    "Condition",
    "Counted",
    "Explained",
    "Facts",
    "Field",
    "FieldTest",
    "Group",
    "Holds",
    "Node",
    "Noun",
    "PropertyTest",
    "Sql",
    "Test",
    "ValueKind",
    "Word",
    "WrongCondition",
    "calendar_at",
    "changes_of",
    "condition_from_query",
    "count_leads",
    "explain",
    "kinds_of_fact",
    "known_fields",
    "matching",
    "memberships_changed",
    "parse",
    "read_aloud",
    "segments_in",
]
