"""What a list shows of a lead: SQL over the row `lead` of leads_lead and the rows beside it."""

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

# Beside a page of leads every id is looked up by itself. The empty text keeps PostgreSQL from
# the index over all external ids, which it prefers as long as it believes there are none.
EXTERNAL_ID = """COALESCE((
    SELECT identity.value FROM leads_identity identity
    WHERE identity.workspace_id = lead.workspace_id AND identity.lead_id = lead.id
      AND identity.kind || '' = 'external'
    ORDER BY identity.id LIMIT 1), '')"""
COMPANY = """CASE WHEN company.id IS NOT NULL THEN
    json_build_object('id', company.id, 'name', company.name, 'domain', company.domain) END"""
TAGS = "leads_leadtag", "lead"

# Shown and not sorted by: no index keeps the whole list in this order.
IN_STAGE = days_since("lead.stage_entered_at")


def _moment(name: str, label: Label, look: Look = Look.DAY, sort: str = "") -> Column:
    sql = f"lead.{name}"
    return Column(name, label, look, sql, utc(sql), sort=sort)


def _text(name: str, label: Label) -> Column:
    return Column(name, label, Look.TEXT, f"lead.{name}")


LEADS = Table(
    table="leads_lead",
    alias="lead",
    beside={
        "company": in_its_workspace("leads_company", "company", "lead", "company_id"),
        "campaign": in_its_workspace("leads_campaign", "campaign", "lead", "campaign_id"),
        "owner": in_its_workspace("workspaces_member", "owner", "lead", "owner_id"),
        "home": home_of("lead"),
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
        Column("days_in_stage", _("Time in stage (days)"), Look.NUMBER, IN_STAGE),
        Column("score", _("Score"), Look.SCORE, "lead.score", sort="score"),
        Column("lead_class", _("Class"), Look.LEAD_CLASS, "lead.lead_class"),
        Column("grade", _("Grade"), Look.TEXT, "lead.grade"),
        Column("owner", _("Owner"), Look.TEXT, "owner.name", "lead.owner_id"),
        Column("tags", _("Tags"), Look.TEXT, tags_of(*TAGS), tags_of(*TAGS, as_json=True)),
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
