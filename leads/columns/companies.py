"""What a list shows of a company: SQL over the row `company` of leads_company."""

from django.utils.translation import gettext_lazy as _

from leads.columns.column import (
    Column,
    Label,
    Look,
    Sort,
    Table,
    days_since,
    home_of,
    in_its_workspace,
    tags_of,
    utc,
)

PEOPLE = """(SELECT count(*) FROM leads_lead person
    WHERE person.workspace_id = company.workspace_id AND person.company_id = company.id)"""
LAST = """(SELECT max(person.last_activity_at) FROM leads_lead person
    WHERE person.workspace_id = company.workspace_id AND person.company_id = company.id)"""
TAGS = "leads_companytag", "company"
RANK = """CASE company.stage WHEN 'customer' THEN 6 WHEN 'sql' THEN 5 WHEN 'mql' THEN 4
    WHEN 'lead' THEN 3 WHEN 'nurturing' THEN 2 ELSE 1 END"""
IN_STAGE = days_since("company.stage_entered_at")


def _text(name: str, label: Label, sort: str = "") -> Column:
    return Column(name, label, Look.TEXT, f"company.{name}", sort=sort)


def _moment(name: str, label: Label, sort: str = "") -> Column:
    sql = f"company.{name}"
    return Column(name, label, Look.DAY, sql, utc(sql), sort=sort)


COMPANIES = Table(
    table="leads_company",
    alias="company",
    beside={
        "owner": in_its_workspace("workspaces_member", "owner", "company", "owner_id"),
        "home": home_of("company"),
    },
    title="company.name",
    note="COALESCE(company.domain, '')",
    columns=(
        Column("id", "", Look.TEXT, "company.id"),
        Column("name", _("Name"), Look.TEXT, "company.name"),
        _text("domain", _("Domain")),
        _text("website", _("Website")),
        _text("phone", _("Phone")),
        _text("industry", _("Industry")),
        _text("country", _("Country")),
        _text("city", _("City")),
        Column("employees", _("Employees"), Look.NUMBER, "company.employees"),
        Column("attributes", "", Look.TEXT, "company.attributes"),
        Column("stage", _("Stage"), Look.STAGE, "company.stage", sort="stage"),
        _moment("stage_entered_at", _("In this stage since")),
        Column("days_in_stage", _("Time in stage (days)"), Look.NUMBER, IN_STAGE),
        _moment("customer_since", _("Customer since")),
        Column("people", _("People"), Look.NUMBER, PEOPLE, None, sort="people"),
        Column("last_activity_at", _("Last activity"), Look.AGO, LAST, None),
        Column("owner", _("Owner"), Look.TEXT, "owner.name", "company.owner_id"),
        Column("tags", _("Tags"), Look.TEXT, tags_of(*TAGS), tags_of(*TAGS, as_json=True)),
        _moment("created_at", _("Added"), sort="created"),
        _moment("changed_at", _("Changed")),
    ),
    # Only the name has an index: companies are few beside leads. Sorting them by people counts
    # through the index of each; their last activity would have to be kept to be sorted by.
    sorts={
        "name": Sort("company.name", "text"),
        "created": Sort("company.created_at", "timestamptz"),
        "stage": Sort(RANK, "int"),
        "people": Sort(PEOPLE, "bigint"),
    },
)
