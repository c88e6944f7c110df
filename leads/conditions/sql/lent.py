"""Tests of numbers other apps lend: worked out once for all leads that matter."""

from leads.conditions.sql.pieces import Setting, Sql
from leads.conditions.tree import FieldTest
from leads.lending import lender_called


def lent_sql(leaf: FieldTest, setting: Setting) -> Sql:
    """The number passes the test; who has none passes no test but `is_known: false`."""
    lender = lender_called(leaf.field.lender)
    key = leaf.field.name.removeprefix(lender.prefix)
    is_about_known = leaf.test.operator == "is_known"
    rows = lender.leads(key, None if is_about_known else leaf.test, setting.whose("lent"))
    found = setting.lead_in(rows)
    is_turned = is_about_known and not leaf.test.value
    return found.inside("(NOT ", ")") if is_turned else found
