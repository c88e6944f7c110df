"""The workspace's own fields as columns."""

import re
from collections.abc import Callable, Mapping

from django.db.models import Value, Window
from django.db.models.functions import RowNumber
from django.utils.text import capfirst

from leads import lending
from leads.columns.column import Column, Look
from leads.models import CustomField, FieldKind
from leads.models.views import Subject

OWN = "attributes."
PLAIN = re.compile(r"[-a-zA-Z0-9_]{1,60}")  # what a key is made of; it stands in the SQL


def custom_columns(subject: str) -> list[Column]:
    """A column for each field in use, as `attributes.<key>`, and for each lent one; one query."""
    fields = CustomField.objects.filter(subject=subject, retired_at=None)
    in_order = Window(RowNumber(), order_by=("position", "id"))
    rows = fields.values_list(Value(OWN), "key", "label", in_order, "kind")
    if subject == Subject.LEAD:
        kind = Value(FieldKind.NUMBER.value)
        rows = rows.union(*(each.annotate(kind=kind) for each in lending.offers()), all=True)
    order = (OWN, *lending.prefixes(), lending.WITHHELD)
    found = sorted(rows, key=lambda row: (order.index(row[0]), row[3], row[2]))
    return [made for row in found if (made := _column(row, subject))]


def is_own_column(name: str) -> bool:
    """It is not one of ours: the workspace made it, or it is lent."""
    return name.startswith(OWN) or lending.is_lent(name)


def _column(row: tuple[str, str, str, int, str], subject: str) -> Column | None:
    prefix, key, label, _place, kind = row
    if prefix == OWN and PLAIN.fullmatch(key):
        alias = "company" if subject == Subject.COMPANY else "lead"
        sql = VALUES.get(kind, _text)(alias, key)
        return Column(OWN + key, label, LOOKS.get(kind, Look.TEXT), sql, None)
    return _lent_column(prefix, key, label) if prefix in lending.prefixes() else None


def _lent_column(prefix: str, key: str, name: str) -> Column:
    lender = lending.lender_called(prefix)
    label = capfirst(str(lender.label(name))) + (f", {lender.unit}" if lender.unit else "")
    return Column(prefix + key, label, Look.NUMBER, lender.column(key), None)


def _text(alias: str, key: str) -> str:
    return f"{alias}.attributes ->> '{key}'"


def _number(alias: str, key: str) -> str:
    """Nothing when somebody wrote a text there."""
    value = f"{alias}.attributes -> '{key}'"
    return f"CASE WHEN jsonb_typeof({value}) = 'number' THEN ({value})::numeric END"


def _yes_no(alias: str, key: str) -> str:
    value = f"{alias}.attributes -> '{key}'"
    return f"CASE WHEN jsonb_typeof({value}) = 'boolean' THEN ({value})::boolean END"


def _choices(alias: str, key: str) -> str:
    value = f"{alias}.attributes -> '{key}'"
    return (
        f"CASE WHEN jsonb_typeof({value}) = 'array' THEN (SELECT string_agg(each, ', ')"  # noqa: S608
        f" FROM jsonb_array_elements_text({value}) AS each) ELSE {_text(alias, key)} END"
    )


def _person(alias: str, key: str) -> str:
    return (
        f"(SELECT known.name FROM workspaces_member known"  # noqa: S608
        f" WHERE known.workspace_id = {alias}.workspace_id"
        f" AND known.id::text = {_text(alias, key)})"
    )


VALUES: Mapping[str, Callable[[str, str], str]] = {
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _number,
    FieldKind.YES_NO: _yes_no,
    FieldKind.CHOICES: _choices,
    FieldKind.PERSON: _person,
}
LOOKS: Mapping[str, Look] = {
    FieldKind.NUMBER: Look.NUMBER,
    FieldKind.MONEY: Look.MONEY,
    FieldKind.YES_NO: Look.YES_NO,
    FieldKind.LINK: Look.LINK,
}
