"""Tests of what a lead belongs to: tags, segments, and what it has agreed to.

Each is worked out once for all leads that matter. Nobody is unknown here: who has no tag, or no
company, has none of them, and who was never asked for consent was not asked.
"""

from typing import Any

from leadmgmt.kernel.context import current_workspace_id
from leads.conditions.fields import ANSWERS, GIVEN, NOT_ASKED
from leads.conditions.sql.pieces import Setting, Sql
from leads.conditions.tree import FieldTest

TAGGED = """
SELECT tagged.lead_id FROM leads_leadtag tagged
WHERE tagged.workspace_id = %s AND tagged.tag_id = ANY(%s::uuid[]) AND {whose}
"""
ALL_OF = " GROUP BY tagged.lead_id HAVING count(*) = %s"

COMPANY_TAGGED = """
SELECT tagged.company_id FROM leads_companytag tagged
WHERE tagged.workspace_id = %s AND tagged.tag_id = ANY(%s::uuid[])
"""
ALL_OF_COMPANY = " GROUP BY tagged.company_id HAVING count(*) = %s"

IN_SEGMENT = """
SELECT member.lead_id FROM leads_membership member
WHERE member.workspace_id = %s AND member.segment_id = ANY(%s::uuid[]) AND member.left_at IS NULL
  AND {whose}
"""

# The newest answer counts.
ANSWERED = """
SELECT newest.lead_id FROM (
    SELECT DISTINCT ON (said.lead_id) said.lead_id, said.is_given FROM leads_consent said
    WHERE said.workspace_id = %s AND {whose} AND said.purpose_id = (
        SELECT purpose.id FROM leads_purpose purpose
        WHERE purpose.workspace_id = %s AND purpose.key = %s)
    ORDER BY said.lead_id, said.occurred_at DESC, said.id DESC
) newest WHERE newest.is_given = ANY(%s)
"""


def tags_sql(leaf: FieldTest, setting: Setting) -> Sql:
    """The lead, or its company, wears one of these tags, none of them, or all of them."""
    if leaf.field.is_company:
        return _company_tags(leaf, setting)
    tags = _distinct(leaf)
    whose = setting.whose("tagged")
    rows = Sql(TAGGED.format(whose=whose.text), (current_workspace_id(), tags, *whose.params))
    if leaf.test.operator == "has_all_of":
        rows = Sql(rows.text + ALL_OF, (*rows.params, len(tags)))
    return _unless(leaf.test.operator == "has_none_of", setting.lead_in(rows))


def _company_tags(leaf: FieldTest, setting: Setting) -> Sql:
    tags = _distinct(leaf)
    rows = Sql(COMPANY_TAGGED, (current_workspace_id(), tags))
    if leaf.test.operator == "has_all_of":
        rows = Sql(rows.text + ALL_OF_COMPANY, (*rows.params, len(tags)))
    found = rows.inside(f"({setting.alias}.company_id IN (", "))")
    return found.inside("(", " IS NOT TRUE)") if leaf.test.operator == "has_none_of" else found


def segments_sql(leaf: FieldTest, setting: Setting) -> Sql:
    """The lead is in one of these segments, or in none."""
    whose = setting.whose("member")
    values = (current_workspace_id(), _distinct(leaf), *whose.params)
    rows = Sql(IN_SEGMENT.format(whose=whose.text), values)
    return _unless(leaf.test.operator == "is_not_in", setting.lead_in(rows))


def consent_sql(leaf: FieldTest, setting: Setting) -> Sql:
    """The lead's newest answer for a purpose is one of those asked for."""
    wanted = set(_values(leaf))
    if leaf.test.operator in ("is_not", "is_none_of"):
        wanted = {answer for answer, _label in ANSWERS} - wanted
    if NOT_ASKED not in wanted:
        return _answered(leaf, wanted, setting)
    others = {answer for answer, _label in ANSWERS} - wanted
    return _unless(True, _answered(leaf, others, setting))


def _answered(leaf: FieldTest, answers: set[Any], setting: Setting) -> Sql:
    whose = setting.whose("said")
    is_given = [answer == GIVEN for answer in sorted(answers)]
    workspace = current_workspace_id()
    values = (workspace, *whose.params, workspace, leaf.field.key, is_given)
    return setting.lead_in(Sql(ANSWERED.format(whose=whose.text), values))


def _unless(is_turned: bool, sql: Sql) -> Sql:
    return sql.inside("(NOT ", ")") if is_turned else sql


def _values(leaf: FieldTest) -> tuple[Any, ...]:
    return leaf.test.value if isinstance(leaf.test.value, tuple) else (leaf.test.value,)


def _distinct(leaf: FieldTest) -> list[Any]:
    return sorted(set(_values(leaf)))
