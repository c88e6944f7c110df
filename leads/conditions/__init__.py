"""One small language for “which leads?”: segments, score rules, stage criteria, triggers, routing.

A condition is a JSON tree of field tests and activity tests under all / any / none. Unknown values
fail every test but `is_known: false`; activities judged to be a machine's do not count; windows
are whole days of the workspace: `within_days: 14` is today and the fourteen days before.
"""

from leads.conditions.aloud import read_aloud
from leads.conditions.calendar import Calendar, calendar_at
from leads.conditions.condition import Condition, Holds, matching
from leads.conditions.explaining import Explained, explain
from leads.conditions.facts import Facts, kinds_of_fact
from leads.conditions.parsing import WrongCondition, parse
from leads.conditions.sql import Sql
from leads.conditions.tree import ActivityTest, FieldTest, Group, Node, PropertyTest, Test, Word
from leads.conditions.vocabulary import Field, ValueKind, known_fields

__all__ = [
    "ActivityTest",
    "Calendar",
    "Condition",
    "Explained",
    "Facts",
    "Field",
    "FieldTest",
    "Group",
    "Holds",
    "Node",
    "PropertyTest",
    "Sql",
    "Test",
    "ValueKind",
    "Word",
    "WrongCondition",
    "calendar_at",
    "explain",
    "kinds_of_fact",
    "known_fields",
    "matching",
    "parse",
    "read_aloud",
]
