"""The statements that put leads with all that hangs on them into parcels, and unpack them again.

Made from the catalogue (`hanging`). A parcel (`RemovedLead.rows`) is an object: table → rows as
they were, and `table.column` → rows that forgot the lead, with what they said before.
"""

from collections.abc import Mapping
from functools import cache

from leads.hanging import Hanging, Way, hanging_tables, loose_references, references_from

IDS = "%(ids)s::uuid[]"
HERE = "workspace_id = %(workspace)s"

# One statement for a batch: all parts see the same rows, and references are checked at commit.
PACK = """
WITH {parts}, part AS (
    SELECT lead_id, name, jsonb_agg(row) AS rows FROM ({union}) AS gone GROUP BY lead_id, name
), parcel AS (
    SELECT lead_id, jsonb_object_agg(name, rows) AS rows FROM part GROUP BY lead_id
)
INSERT INTO leads_removedlead (
    workspace_id, lead_id, label, rows, cause, cause_id, by_id, removed_at, expires_at)
SELECT %(workspace)s, lead_id,
    coalesce(nullif(lead ->> 'name', ''), nullif(lead ->> 'email', ''), lead ->> 'phone'),
    rows, %(cause)s, %(cause_id)s, %(by)s, %(now)s, %(until)s
FROM parcel, jsonb_extract_path(rows, 'leads_lead', '0') AS lead
ORDER BY lead_id
RETURNING lead_id
"""

GONE = """{part} AS (
    DELETE FROM {table} AS t {using} WHERE t.workspace_id = %(workspace)s AND {condition}
    RETURNING {lead} AS lead_id, '{table}' AS name, to_jsonb(t) - 'workspace_id' AS row
)"""

FORGOTTEN = """{part} AS (
    UPDATE {table} AS t SET {column} = NULL
    FROM ({rows}) AS gone WHERE t.workspace_id = %(workspace)s AND t.{column} = gone.id
    RETURNING gone.lead_id, '{table}.{column}' AS name,
        jsonb_build_object('id', t.id, 'was', gone.id) AS row
)"""

# What the parcels of a batch hold: each part with the columns its rows have. A column that is
# younger than the parcel gets its default.
CONTENTS = """
SELECT part.key, array_agg(DISTINCT field.key)
FROM leads_removedlead, jsonb_each(rows) AS part, jsonb_object_keys(part.value -> 0) AS field(key)
WHERE workspace_id = %(workspace)s AND lead_id = ANY(%(ids)s::uuid[])
GROUP BY part.key
"""

# What a row refers to may be gone by now: it forgets it where it may, or stays in the parcel.
UNPACK = """
INSERT INTO {table} (workspace_id, {columns})
SELECT %(workspace)s, {values}
FROM leads_removedlead AS parcel,
    jsonb_populate_recordset(NULL::{table}, parcel.rows -> '{table}') AS t
WHERE parcel.workspace_id = %(workspace)s AND parcel.lead_id = ANY(%(ids)s::uuid[]){required}
ON CONFLICT DO NOTHING
"""

REMEMBER = """
UPDATE {table} AS t SET {column} = told.was
FROM leads_removedlead AS parcel,
    jsonb_to_recordset(parcel.rows -> '{table}.{column}') AS told(id uuid, was uuid)
WHERE parcel.workspace_id = %(workspace)s AND parcel.lead_id = ANY(%(ids)s::uuid[])
  AND t.workspace_id = %(workspace)s AND t.id = told.id AND t.{column} IS NULL
  AND EXISTS (SELECT FROM {target} AS ref
              WHERE ref.workspace_id = %(workspace)s AND ref.id = told.was)
"""

KNOWN = """EXISTS (SELECT FROM {0.target} AS ref
    WHERE ref.workspace_id = %(workspace)s AND ref.id = t.{0.column})"""

MAYBE = "CASE WHEN {known} THEN t.{name} END"


@cache
def packing() -> str:
    """Take the leads `ids` and all that hangs on them out, into parcels; their ids.

    Also takes `cause`, `cause_id`, `by`, `now` and `until`.
    """
    loose = [_forgotten(way) for way in loose_references()]
    gone = [_gone(each) for each in hanging_tables()]
    names = [_part(each.table) for each in hanging_tables()]
    names += [_part(way.table, way.column) for way in loose_references()]
    union = " UNION ALL ".join(f"TABLE {name}" for name in names)
    return PACK.format(parts=", ".join(loose + gone), union=union)


def unpacking(contents: Mapping[str, list[str]]) -> list[str]:
    """Put back what the parcels of the leads `ids` hold (see CONTENTS), parents first."""
    rows = [
        _unpack(each, contents[each.table]) for each in hanging_tables() if each.table in contents
    ]
    return rows + [
        REMEMBER.format(table=way.table, column=way.column, target=way.target)
        for way in loose_references()
        if f"{way.table}.{way.column}" in contents
    ]


def rows_of(table: str) -> str:
    """SELECT `id` and `lead_id` of the rows of a hanging table that go with the leads `ids`."""
    (each,) = (each for each in hanging_tables() if each.table == table)
    using = f", {_parent_rows(each.parent)}" if each.parent else ""
    return (
        f"SELECT t.id, {_lead(each)} AS lead_id FROM {table} AS t{using}"  # noqa: S608
        f" WHERE t.{HERE} AND {_condition(each)}"
    )


@cache
def holding() -> str:
    """All that hangs on the leads `ids`, and what names them loosely: table, rows as JSON text."""
    rows = [_held(each.table, _using(each), _condition(each)) for each in hanging_tables()]
    rows += [
        _held(way.table, f", ({rows_of(way.target)}) AS own", f"t.{way.column} = own.id")
        for way in loose_references()
    ]
    return " UNION ALL ".join(rows)


@cache
def counting() -> str:
    """How many rows hang on the leads `ids`: table, count."""
    return " UNION ALL ".join(
        f"SELECT '{each.table}', count(*) FROM {each.table} AS t{_using(each)}"  # noqa: S608
        f" WHERE t.{HERE} AND {_condition(each)}"
        for each in hanging_tables()
    )


def _held(table: str, using: str, condition: str) -> str:
    return (
        f"SELECT '{table}', jsonb_agg(to_jsonb(t) - 'workspace_id')::text"  # noqa: S608
        f" FROM {table} AS t{using} WHERE t.{HERE} AND {condition} HAVING count(*) > 0"
    )


def _using(each: Hanging) -> str:
    return f", {_parent_rows(each.parent)}" if each.parent else ""


def _gone(each: Hanging) -> str:
    using = f"USING {_parent_rows(each.parent)}" if each.parent else ""
    return GONE.format(
        part=_part(each.table),
        table=each.table,
        using=using,
        condition=_condition(each),
        lead=_lead(each),
    )


def _forgotten(way: Way) -> str:
    return FORGOTTEN.format(
        part=_part(way.table, way.column),
        table=way.table,
        column=way.column,
        rows=rows_of(way.target),
    )


def _parent_rows(way: Way) -> str:
    return f"({rows_of(way.target)}) AS parent"


def _condition(each: Hanging) -> str:
    if each.parent:
        return f"t.{each.parent.column} = parent.id"
    return "(" + " OR ".join(f"t.{column} = ANY({IDS})" for column in each.leads) + ")"


def _lead(each: Hanging) -> str:
    """Whose parcel a row goes into; the first of its leads when it names two."""
    if each.parent:
        return "parent.lead_id"
    *others, last = each.leads
    cases = "".join(f"WHEN t.{column} = ANY({IDS}) THEN t.{column} " for column in others)
    return f"CASE {cases}ELSE t.{last} END" if others else f"t.{last}"


def _unpack(each: Hanging, known: list[str]) -> str:
    columns = [name for name in each.columns if name in known]
    ways = references_from(each.model)
    maybe = {way.column: way for way, may_be_empty in ways if may_be_empty}
    values = [
        f"CASE WHEN {KNOWN.format(maybe[name])} THEN t.{name} END"
        if name in maybe
        else f't."{name}"'
        for name in columns
    ]
    needed = [KNOWN.format(way) for way, may_be_empty in ways if not may_be_empty]
    return UNPACK.format(
        table=each.table,
        columns=", ".join(f'"{name}"' for name in columns),
        values=", ".join(values),
        required="".join(f" AND {condition}" for condition in needed),
    )


def _part(*names: str) -> str:
    return "_".join(("gone", *names))
