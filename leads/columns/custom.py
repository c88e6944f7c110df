"""The workspace's own fields as columns."""

import re
from collections.abc import Callable, Mapping

from leads.columns.column import Column, Look
from leads.models import CustomField, FieldKind
from leads.models.views import Subject

OWN = "attributes."
PLAIN = re.compile(r"[-a-zA-Z0-9_]{1,60}")  # what a key is made of; it stands in the SQL


def custom_columns(subject: str) -> list[Column]:
    """A column for each field in use, as `attributes.<key>`."""
    fields = CustomField.objects.filter(subject=subject, retired_at=None)
    alias = "company" if subject == Subject.COMPANY else "lead"
    return [
        _column(field, alias)
        for field in fields.order_by("position", "id")
        if PLAIN.fullmatch(field.key)
    ]


def _column(field: CustomField, alias: str) -> Column:
    look = LOOKS.get(field.kind, Look.TEXT)
    sql = VALUES.get(field.kind, _text)(alias, field.key)
    return Column(OWN + field.key, field.label, look, sql, None)


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
