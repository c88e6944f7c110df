"""What a list shows of a lead: one table that pages, the API and exports read.

A column says what it is called, how it looks and where its value comes from: SQL over the row
`lead` of leads_lead and the rows beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise


class Look(StrEnum):
    """How a value is shown; what a cell draws, and what type an export writes."""

    TEXT = "text"
    NUMBER = "number"
    SCORE = "score"
    YES_NO = "yes_no"
    STAGE = "stage"
    LEAD_CLASS = "class"
    DAY = "day"
    AGO = "ago"


@dataclass(frozen=True)
class Column:
    """One thing to know about a row.

    `sql` is what people read, `api` what programs do where that differs (the id behind a name).
    A column without a label is for programs only, one with `api=None` for people only.
    """

    name: str
    label: Label
    look: Look
    sql: str
    api: str | None = ""
    sort: str = ""

    @property
    def is_number(self) -> bool:
        """Numbers stand on the right."""
        return self.look in (Look.NUMBER, Look.SCORE)


@dataclass(frozen=True)
class Sort:
    """An order an index keeps: an expression that is never NULL, and the type of its values."""

    sql: str
    type: str


@dataclass(frozen=True)
class Table:
    """What is listed: rows, by alias the joins with rows beside them, columns and orders.

    On a page `title` (SQL) begins each row, with `note` below it.
    """

    table: str
    alias: str
    beside: Mapping[str, str]
    title: str
    note: str
    columns: tuple[Column, ...]
    sorts: Mapping[str, Sort]

    def named(self, names: Iterable[str]) -> list[Column]:
        """The columns people may look at that have these names, in this order."""
        known = {column.name: column for column in self.columns if column.label}
        return [known[name] for name in names if name in known]

    def as_json(self) -> str:
        """One row as programs read it: a JSON object in SQL."""
        told = [column for column in self.columns if column.api is not None]
        pairs = ", ".join(f"'{column.name}', {column.api or column.sql}" for column in told)
        return f"json_build_object({pairs})::text"

    def tables(self, sql: str) -> str:
        """The joins that `sql` speaks of."""
        return " ".join(join for alias, join in self.beside.items() if f"{alias}." in sql)


def _same_workspace(table: str, alias: str, key: str) -> str:
    return (
        f"LEFT JOIN {table} {alias}"
        f" ON {alias}.workspace_id = lead.workspace_id AND {alias}.id = lead.{key}"
    )


# Beside a page of leads every id is looked up by itself. The empty text keeps PostgreSQL from
# the index over all external ids, which it prefers as long as it believes there are none.
EXTERNAL_ID = """COALESCE((
    SELECT identity.value FROM leads_identity identity
    WHERE identity.workspace_id = lead.workspace_id AND identity.lead_id = lead.id
      AND identity.kind || '' = 'external'
    ORDER BY identity.id LIMIT 1), '')"""
COMPANY = """CASE WHEN company.id IS NOT NULL THEN
    json_build_object('id', company.id, 'name', company.name, 'domain', company.domain) END"""


def _moment(name: str, label: Label, look: Look = Look.DAY, sort: str = "") -> Column:
    """To the microsecond in UTC for programs."""
    sql = f"lead.{name}"
    utc = f"""to_char({sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return Column(name, label, look, sql, utc, sort=sort)


def _text(name: str, label: Label) -> Column:
    return Column(name, label, Look.TEXT, f"lead.{name}")


LEADS = Table(
    table="leads_lead",
    alias="lead",
    beside={
        "company": _same_workspace("leads_company", "company", "company_id"),
        "campaign": _same_workspace("leads_campaign", "campaign", "campaign_id"),
        "owner": _same_workspace("workspaces_member", "owner", "owner_id"),
    },
    title="COALESCE(NULLIF(lead.name, ''), NULLIF(lead.email, ''), lead.phone)",
    note="COALESCE(company.name, CASE WHEN lead.name <> '' THEN lead.email END, '')",
    columns=(
        Column("id", "", Look.TEXT, "lead.id"),
        Column("external_id", _("External id"), Look.TEXT, EXTERNAL_ID),
        _text("name", _("Name")),
        _text("email", _("Email")),
        _text("phone", _("Phone")),
        _text("job_title", _("Job title")),
        _text("country", _("Country")),
        _text("city", _("City")),
        Column("company", _("Company"), Look.TEXT, "company.name", COMPANY),
        Column("attributes", "", Look.TEXT, "lead.attributes"),
        Column("do_not_email", _("Do not email"), Look.YES_NO, "lead.do_not_email"),
        Column("do_not_call", _("Do not call"), Look.YES_NO, "lead.do_not_call"),
        _text("source", _("Source")),
        _text("medium", _("Medium")),
        Column("campaign", _("Campaign"), Look.TEXT, "campaign.name", "lead.campaign_id"),
        _moment("first_seen_at", _("First seen")),
        Column("stage", _("Stage"), Look.STAGE, "lead.stage"),
        Column("highest_stage", _("Highest stage"), Look.STAGE, "lead.highest_stage"),
        _moment("stage_entered_at", _("In this stage since")),
        Column("score", _("Score"), Look.SCORE, "lead.score", sort="score"),
        Column("lead_class", _("Class"), Look.LEAD_CLASS, "lead.lead_class"),
        Column("owner", _("Owner"), Look.TEXT, "owner.name", "lead.owner_id"),
        _moment("last_activity_at", _("Last activity"), Look.AGO, sort="last"),
        _moment("created_at", _("Added"), sort="created"),
        _moment("changed_at", _("Changed")),
    ),
    # as the indexes of leads.models.people have them
    sorts={
        "created": Sort("lead.created_at", "timestamptz"),
        "score": Sort(
            "CASE WHEN lead.score IS NOT NULL THEN lead.score ELSE -2147483648 END", "int"
        ),
        "last": Sort(
            "CASE WHEN lead.last_activity_at IS NOT NULL THEN lead.last_activity_at"
            " ELSE lead.created_at END",
            "timestamptz",
        ),
    },
)
