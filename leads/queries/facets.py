"""Facets of a list: which values its rows have, and how often."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from leadmgmt.kernel.sql import fetch
from leads.conditions import Sql
from leads.models import Campaign, Company, CompanyTag, LeadClass, LeadTag, Segment, Stage, Tag
from leads.models.views import Subject
from leads.queries.lists import owners

MOST = 10_000  # rows looked at
MOST_VALUES = 8

# word of the address → column, in the order they stand on the page
COUNTED: Mapping[str, Mapping[str, str]] = {
    Subject.LEAD: {
        "stage": "lead.stage",
        "lead_class": "lead.lead_class",
        "grade": "lead.grade",
        "owner": "lead.owner_id",
        "source": "lead.source",
        "campaign": "lead.campaign_id",
        "country": "lead.country",
    },
    Subject.COMPANY: {
        "stage": "company.stage",
        "owner": "company.owner_id",
        "country": "company.country",
        "industry": "company.industry",
    },
}
CALLED = """
SELECT id, name FROM {table} WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::uuid[])
"""


@dataclass(frozen=True)
class Value:
    """A value rows have; `count` is None where counting would be dear."""

    value: str
    label: str
    count: int | None = None


def facets_of(subject: str, where: Sql) -> dict[str, list[Value]]:
    """By word of the address the most frequent values among the newest MOST rows, in one look."""
    counted = _counted(subject, where)
    names = names_of(
        {name: [value for value, _count in values] for name, values in counted.items()}
    )
    found = {
        name: [Value(value, names[name].get(value, value), count) for value, count in values]
        for name, values in counted.items()
    }
    if subject == Subject.LEAD:
        found |= {"tag": _tags(LeadTag), "segment": _segments()}
    else:
        found |= {"tag": _tags(CompanyTag)}
    return {name: values for name, values in found.items() if values}


def _counted(subject: str, where: Sql) -> dict[str, list[tuple[str, int]]]:
    columns = COUNTED[subject]
    table, alias = f"leads_{subject}", subject
    listed = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    each = " UNION ALL ".join(
        f"(SELECT '{name}', {name}::text, count(*) AS often FROM seen"  # noqa: S608
        f" WHERE {name} IS NOT NULL AND {name}::text <> '' GROUP BY 2"
        f" ORDER BY often DESC, 2 LIMIT {MOST_VALUES})"
        for name in columns
    )
    text, values = where.inside(
        f"WITH seen AS MATERIALIZED (SELECT {listed} FROM {table} {alias} WHERE ",  # noqa: S608
        f" ORDER BY {alias}.created_at DESC, {alias}.id DESC LIMIT {MOST}) {each}",
    ).named("where")
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in columns}
    for name, value, count in fetch(text, **values):
        found[name].append((value, count))
    return found


def names_of(asked: Mapping[str, Sequence[str]]) -> dict[str, dict[str, str]]:
    """By word of the address, what values such as ids are called."""
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for name, choices in (("stage", Stage), ("lead_class", LeadClass)):
        if asked.get(name):
            named[name] = {value: str(label) for value, label in choices.choices}
    if asked.get("owner"):
        named["owner"] = {str(each.id): each.name for each in owners()}
        named["owner"] |= {"me": _("Me"), "nobody": _("Nobody")}
    for name, model in (
        *(("campaign", Campaign), ("company", Company)),
        *(("tag", Tag), ("segment", Segment)),
    ):
        if ids := [id for id in map(_id, asked.get(name, ())) if id]:
            found = fetch(CALLED.format(table=model._meta.db_table), ids=ids)
            named[name] = {str(id): called for id, called in found}
    return named


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _tags(worn: type[LeadTag | CompanyTag]) -> list[Value]:
    """Those that anybody wears."""
    rows = Tag.objects.filter(Exists(worn.objects.filter(tag=OuterRef("pk"))))
    rows = rows.order_by("name", "id").values_list("pk", "name")[:20]
    return [Value(str(id), name) for id, name in rows]


def _segments() -> list[Value]:
    rows = Segment.objects.filter(retired_at=None).order_by("name", "id")
    found = rows.values_list("pk", "name", "size")[:20]
    return [Value(str(id), name, size) for id, name, size in found]
