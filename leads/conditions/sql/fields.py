"""Tests of what is known of a lead or of its company."""

from dataclasses import replace
from decimal import Decimal

from django.db import models

from leadmgmt.kernel.context import current_workspace_id
from leads.conditions.currency import in_minor_units
from leads.conditions.fields import BUSINESS, DISPOSABLE, FREE, Field
from leads.conditions.operators import ValueKind
from leads.conditions.sql.comparing import test_sql
from leads.conditions.sql.pieces import Setting, Sql
from leads.conditions.tree import FieldTest, Scalar, Test, Value
from leads.models import Company, Lead
from leads.normalising import FREE_MAIL, THROW_AWAY_MAIL


def field_sql(leaf: FieldTest, setting: Setting) -> Sql:
    """One test of one field; NULL when the value is unknown."""
    if leaf.field.is_company:
        return _company_sql(leaf, setting)
    return _tested(leaf, setting.alias, setting)


def _company_sql(leaf: FieldTest, setting: Setting) -> Sql:
    is_missing = leaf.test == Test("is_known", False)
    if is_missing:
        leaf = replace(leaf, test=Test("is_known", True))
    inner = _tested(leaf, "company", setting)
    found = Sql(
        f"{setting.alias}.company_id IN (SELECT company.id FROM leads_company company"  # noqa: S608
        f" WHERE company.workspace_id = %s AND {inner.text})",
        (current_workspace_id(), *inner.params),
    )
    return found.inside("((", ") IS NOT TRUE)") if is_missing else found.inside("(", ")")


def _tested(leaf: FieldTest, alias: str, setting: Setting) -> Sql:
    value = operand(leaf.field, alias, setting)
    return test_sql(value, leaf.field.kind, _as_stored(leaf, setting), setting.calendar)


def _as_stored(leaf: FieldTest, setting: Setting) -> Test:
    """The test as its value is kept: amounts in smallest units, ids in JSON as text."""
    if leaf.test.operator == "is_known":
        return leaf.test
    if leaf.field.kind is ValueKind.MONEY:
        amount = leaf.test.value
        if isinstance(amount, tuple | str | bool) or not isinstance(amount, int | Decimal):
            raise TypeError(f"The parser let {amount!r} through as an amount.")
        return replace(leaf.test, value=in_minor_units(amount, setting.digits()))
    if leaf.field.kind is ValueKind.REFERENCE and leaf.field.is_custom:
        return replace(leaf.test, value=_as_texts(leaf.test.value))
    return leaf.test


def _as_texts(value: Value) -> Value:
    def text(each: Scalar) -> Scalar:
        return str(each)

    return tuple(map(text, value)) if isinstance(value, tuple) else text(value)


def operand(field: Field, alias: str, setting: Setting) -> Sql:
    """What a field says in the row `alias` of leads or of companies; NULL when it is unknown."""
    if field.is_custom:
        return json_operand(f"{alias}.attributes", field.key, field.kind)
    column = f"{alias}.{field.stored_in}"
    if field.name == "email_domain":
        return Sql(f"NULLIF(split_part({column}, '@', 2), '')")
    if field.name == "email_provider":
        return _provider(column)
    if field.name == "days_in_stage":
        calendar = setting.calendar()
        since = f"({column} AT TIME ZONE %s)::date"
        if calendar.column:
            return Sql(f"({calendar.column} - {since})", (str(calendar.zone),))
        return Sql(f"(%s::date - {since})", (calendar.today, str(calendar.zone)))
    return Sql(f"NULLIF({column}, '')" if _may_be_blank(field) else column)


FREE_DOMAINS, THROW_AWAY_DOMAINS = sorted(FREE_MAIL), sorted(THROW_AWAY_MAIL)


def _provider(column: str) -> Sql:
    domain = f"split_part({column}, '@', 2)"
    return Sql(
        f"CASE WHEN {domain} = '' THEN NULL WHEN {domain} = ANY(%s::text[]) THEN '{FREE}'"
        f" WHEN {domain} = ANY(%s::text[]) THEN '{DISPOSABLE}' ELSE '{BUSINESS}' END",
        (FREE_DOMAINS, THROW_AWAY_DOMAINS),
    )


def _may_be_blank(field: Field) -> bool:
    model: type[models.Model] = Company if field.is_company else Lead
    column = model._meta.get_field(field.stored_in)
    return isinstance(column, models.CharField) and column.blank


def json_operand(column: str, key: str, kind: ValueKind) -> Sql:
    """A value inside a JSON object, typed; NULL when it is missing or of another type."""
    text = f"({column} ->> %s)"
    if kind in (ValueKind.NUMBER, ValueKind.MONEY):
        is_number = f"jsonb_typeof({column} -> %s) = 'number'"
        return Sql(f"CASE WHEN {is_number} THEN {text}::numeric END", (key, key))
    if kind is ValueKind.YES_NO:
        is_flag = f"jsonb_typeof({column} -> %s) = 'boolean'"
        return Sql(f"CASE WHEN {is_flag} THEN {text}::boolean END", (key, key))
    if kind is ValueKind.DATE:  # ISO days compare as text
        return Sql(f"substring({text} from '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')", (key,))
    if kind is ValueKind.CHOICES:
        is_list = f"jsonb_typeof({column} -> %s) = 'array'"
        return Sql(f"CASE WHEN {is_list} THEN NULLIF({column} -> %s, '[]') END", (key, key))
    return Sql(f"NULLIF({text}, '')", (key,))
