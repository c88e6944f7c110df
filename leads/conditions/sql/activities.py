"""Tests of what has happened: counted once for all leads that matter, not lead by lead."""

from leadmgmt.kernel.context import current_workspace_id
from leads.conditions.calendar import Calendar
from leads.conditions.operators import ValueKind
from leads.conditions.sql.comparing import moment_sql, test_sql
from leads.conditions.sql.fields import json_operand
from leads.conditions.sql.pieces import IN_CYCLE, Setting, Sql, joined
from leads.conditions.tree import ActivityTest, FieldTest, PropertyTest


def activity_sql(leaf: ActivityTest, setting: Setting) -> Sql:
    """It has happened as often as asked."""
    most = leaf.most
    if leaf.least == 0 and most is not None:
        return _leads_with(leaf, most + 1, None, setting).inside("(NOT ", ")")
    return _leads_with(leaf, leaf.least, most, setting)


def _leads_with(leaf: ActivityTest, least: int, most: int | None, setting: Setting) -> Sql:
    facts = facts_sql(leaf, setting)
    rows = facts.inside("SELECT activity.lead_id FROM leads_activity activity WHERE ")
    if (least, most) == (1, None):
        return setting.lead_in(rows)
    counted = rows.inside("", " GROUP BY activity.lead_id HAVING count(*) >= %s")
    if most is None:
        return setting.lead_in(Sql(counted.text, (*counted.params, least)))
    ended = counted.inside("", " AND count(*) <= %s")
    return setting.lead_in(Sql(ended.text, (*ended.params, least, most)))


def facts_sql(leaf: ActivityTest, setting: Setting) -> Sql:
    """Which rows, called `activity`, are the facts this test counts."""
    calendar = setting.calendar()
    pieces = [
        Sql("activity.workspace_id = %s", (current_workspace_id(),)),
        setting.whose("activity"),
        _time_of_facts(leaf, calendar),
        match_sql(leaf),
    ]
    if calendar.column:  # each lead has its own day, so its facts are looked for one by one
        pieces.append(Sql(f"activity.lead_id = {setting.alias}.id"))
    if setting.is_in_cycle:
        pieces.append(Sql(IN_CYCLE))
    return joined(" AND ", pieces)


def _time_of_facts(leaf: ActivityTest, calendar: Calendar) -> Sql:
    """Both ends are days of the workspace; tomorrow has not happened yet."""
    ago = leaf.more_than_days_ago
    until = moment_sql(calendar, 1 if ago is None else -ago).inside("activity.occurred_at < ")
    if leaf.within_days is None:
        return until
    since = moment_sql(calendar, -leaf.within_days).inside("activity.occurred_at >= ")
    return joined(" AND ", [since, until])


def match_sql(leaf: ActivityTest) -> Sql:
    """The row `activity` is of the right kind, a person's, and has the properties asked for."""
    kind = Sql("activity.kind = %s AND NOT activity.is_machine", (leaf.kind,))
    return joined(" AND ", [kind, *map(_part_sql, leaf.where)])


def _part_sql(part: PropertyTest | FieldTest) -> Sql:
    if isinstance(part, FieldTest):
        column = f"activity.{part.field.stored_in}"
        is_text = part.field.kind is ValueKind.TEXT
        operand = Sql(f"NULLIF({column}, '')" if is_text else column)
        return test_sql(operand, part.field.kind, part.test, _no_calendar).inside("(", ")")
    operand = json_operand("activity.properties", part.name, part.kind)
    return test_sql(operand, part.kind, part.test, _no_calendar).inside("(", ")")


def _no_calendar() -> Calendar:
    raise LookupError("What an activity says is not compared with the calendar.")
