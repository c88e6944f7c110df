"""The statements that put leads with all that hangs on them into parcels, and unpack them again.

Made from the catalogue (`hanging`). A parcel (`RemovedLead.rows`) is an object: table → rows as
they were, and `table.column` → rows that forgot the lead, with what they said before. Companies
go into parcels of their own (`RemovedCompany`) by the same statements.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.db.models import Model

from leads.hanging import Hanging, Way, hanging_tables, loose_references, references_from
from leads.models import Company, Lead

IDS = "%(ids)s::uuid[]"
HERE = "workspace_id = %(workspace)s"


@dataclass(frozen=True)
class Kind:
    """Whose parcels: the model packed, the table of parcels and its column, and their label."""

    root: type[Model]
    parcels: str
    id: str
    label: str


LEADS = Kind(
    Lead,
    "leads_removedlead",
    "lead_id",
    "coalesce(nullif(it ->> 'name', ''), nullif(it ->> 'email', ''), it ->> 'phone')",
)
COMPANIES = Kind(Company, "leads_removedcompany", "company_id", "it ->> 'name'")

# One statement for a batch: all parts see the same rows, and references are checked at commit.
PACK = """
WITH {parts}, part AS (
    SELECT root_id, name, jsonb_agg(row) AS rows FROM ({union}) AS gone GROUP BY root_id, name
), parcel AS (
    SELECT root_id, jsonb_object_agg(name, rows) AS rows FROM part GROUP BY root_id
)
INSERT INTO {parcels} (
    workspace_id, {id}, label, rows, cause, cause_id, by_id, removed_at, expires_at)
SELECT %(workspace)s, root_id, {label}, rows, %(cause)s, %(cause_id)s, %(by)s, %(now)s, %(until)s
FROM parcel, jsonb_extract_path(rows, '{table}', '0') AS it
ORDER BY root_id
RETURNING {id}
"""

GONE = """{part} AS (
    DELETE FROM {table} AS t {using} WHERE t.workspace_id = %(workspace)s AND {condition}
    RETURNING {root} AS root_id, '{table}' AS name, to_jsonb(t) - 'workspace_id' AS row
)"""

FORGOTTEN = """{part} AS (
    UPDATE {table} AS t SET {column} = NULL
    FROM ({rows}) AS gone WHERE t.workspace_id = %(workspace)s AND t.{column} = gone.id
    RETURNING gone.root_id, '{table}.{column}' AS name,
        jsonb_build_object('id', t.id, 'was', gone.id) AS row
)"""

CONTENTS = """
SELECT part.key, array_agg(DISTINCT field.key)
FROM {parcels}, jsonb_each(rows) AS part, jsonb_object_keys(part.value -> 0) AS field(key)
WHERE workspace_id = %(workspace)s AND {id} = ANY(%(ids)s::uuid[])
GROUP BY part.key
"""

# What a row refers to may be gone by now: it forgets it where it may, or stays in the parcel.
UNPACK = """
INSERT INTO {table} (workspace_id, {columns})
SELECT %(workspace)s, {values}
FROM {parcels} AS parcel,
    jsonb_populate_recordset(NULL::{table}, parcel.rows -> '{table}') AS t
WHERE parcel.workspace_id = %(workspace)s AND parcel.{id} = ANY(%(ids)s::uuid[]){required}
ON CONFLICT DO NOTHING
"""

REMEMBER = """
UPDATE {table} AS t SET {column} = told.was
FROM {parcels} AS parcel,
    jsonb_to_recordset(parcel.rows -> '{table}.{column}') AS told(id uuid, was uuid)
WHERE parcel.workspace_id = %(workspace)s AND parcel.{id} = ANY(%(ids)s::uuid[])
  AND t.workspace_id = %(workspace)s AND t.id = told.id AND t.{column} IS NULL
  AND EXISTS (SELECT FROM {target} AS ref
              WHERE ref.workspace_id = %(workspace)s AND ref.id = told.was)
"""

KNOWN = """EXISTS (SELECT FROM {0.target} AS ref
    WHERE ref.workspace_id = %(workspace)s AND ref.id = t.{0.column})"""

MAYBE = "CASE WHEN {known} THEN t.{name}{else_} END"
# A company that was merged meanwhile goes on as the one that was kept.
MERGED = """ ELSE (SELECT merged.company_id FROM leads_companymerge AS merged
    WHERE merged.workspace_id = %(workspace)s AND merged.gone_id = t.{name}
      AND merged.undone_at IS NULL LIMIT 1)"""


@cache
def packing(kind: Kind = LEADS) -> str:
    """Take the leads (or companies) `ids` and all that hangs on them out, into parcels; their ids.

    Also takes `cause`, `cause_id`, `by`, `now` and `until`.
    """
    tables, ways = hanging_tables(kind.root), loose_references(kind.root)
    parts = [*(_forgotten(way, kind) for way in ways), *(_gone(each, kind) for each in tables)]
    names = [_part(each.table) for each in tables]
    names += [_part(way.table, way.column) for way in ways]
    return PACK.format(
        parts=", ".join(parts),
        union=" UNION ALL ".join(f"TABLE {name}" for name in names),
        parcels=kind.parcels,
        id=kind.id,
        label=kind.label,
        table=tables[0].table,
    )


def contents(kind: Kind = LEADS) -> str:
    """What the parcels of a batch hold: each part with the columns its rows have.

    A column that is younger than the parcel gets its default.
    """
    return CONTENTS.format(parcels=kind.parcels, id=kind.id)


def unpacking(found: Mapping[str, list[str]], kind: Kind = LEADS) -> list[str]:
    """Put back what the parcels of the batch `ids` hold (see `contents`), parents first."""
    rows = [
        _unpack(each, found[each.table], kind)
        for each in hanging_tables(kind.root)
        if each.table in found
    ]
    return rows + [
        REMEMBER.format(
            table=way.table,
            column=way.column,
            target=way.target,
            parcels=kind.parcels,
            id=kind.id,
        )
        for way in loose_references(kind.root)
        if f"{way.table}.{way.column}" in found
    ]


def rows_of(table: str, kind: Kind = LEADS) -> str:
    """SELECT `id` and `root_id` of the rows of a hanging table that go with the batch `ids`."""
    (each,) = (each for each in hanging_tables(kind.root) if each.table == table)
    return (
        f"SELECT t.id, {_root(each)} AS root_id FROM {table} AS t{_using(each, kind)}"  # noqa: S608
        f" WHERE t.{HERE} AND {_condition(each)}"
    )


@cache
def holding() -> str:
    """All that hangs on the leads `ids`, and what names them loosely: table, rows as JSON text."""
    rows = [_held(each.table, _using(each, LEADS), _condition(each)) for each in hanging_tables()]
    rows += [
        _held(way.table, f", ({rows_of(way.target)}) AS own", f"t.{way.column} = own.id")
        for way in loose_references()
    ]
    return " UNION ALL ".join(rows)


@cache
def counting(kind: Kind = LEADS) -> str:
    """How many rows hang on the leads (or companies) `ids`: table, count."""
    return " UNION ALL ".join(
        f"SELECT '{each.table}', count(*) FROM {each.table} AS t{_using(each, kind)}"  # noqa: S608
        f" WHERE t.{HERE} AND {_condition(each)}"
        for each in hanging_tables(kind.root)
    )


def _held(table: str, using: str, condition: str) -> str:
    return (
        f"SELECT '{table}', jsonb_agg(to_jsonb(t) - 'workspace_id')::text"  # noqa: S608
        f" FROM {table} AS t{using} WHERE t.{HERE} AND {condition} HAVING count(*) > 0"
    )


def _using(each: Hanging, kind: Kind) -> str:
    return f", {_parent_rows(each.parent, kind)}" if each.parent else ""


def _gone(each: Hanging, kind: Kind) -> str:
    return GONE.format(
        part=_part(each.table),
        table=each.table,
        using=f"USING {_parent_rows(each.parent, kind)}" if each.parent else "",
        condition=_condition(each),
        root=_root(each),
    )


def _forgotten(way: Way, kind: Kind) -> str:
    return FORGOTTEN.format(
        part=_part(way.table, way.column),
        table=way.table,
        column=way.column,
        rows=rows_of(way.target, kind),
    )


def _parent_rows(way: Way, kind: Kind) -> str:
    return f"({rows_of(way.target, kind)}) AS parent"


def _condition(each: Hanging) -> str:
    if each.parent:
        return f"t.{each.parent.column} = parent.id"
    return "(" + " OR ".join(f"t.{column} = ANY({IDS})" for column in each.leads) + ")"


def _root(each: Hanging) -> str:
    """Whose parcel a row goes into; the first of its leads when it names two."""
    if each.parent:
        return "parent.root_id"
    *others, last = each.leads
    cases = "".join(f"WHEN t.{column} = ANY({IDS}) THEN t.{column} " for column in others)
    return f"CASE {cases}ELSE t.{last} END" if others else f"t.{last}"


def _unpack(each: Hanging, known: list[str], kind: Kind) -> str:
    columns = [name for name in each.columns if name in known]
    ways = references_from(each.model)
    maybe = {way.column: way for way, may_be_empty in ways if may_be_empty}
    values = [_value(name, maybe.get(name)) for name in columns]
    needed = [KNOWN.format(way) for way, may_be_empty in ways if not may_be_empty]
    return UNPACK.format(
        table=each.table,
        parcels=kind.parcels,
        id=kind.id,
        columns=", ".join(f'"{name}"' for name in columns),
        values=", ".join(values),
        required="".join(f" AND {condition}" for condition in needed),
    )


def _value(name: str, way: Way | None) -> str:
    """As it was, unless it refers to what is gone by now."""
    if way is None:
        return f't."{name}"'
    else_ = MERGED.format(name=name) if way.target == Company._meta.db_table else ""
    return MAYBE.format(known=KNOWN.format(way), name=name, else_=else_)


def _part(*names: str) -> str:
    return "_".join(("gone", *names))
