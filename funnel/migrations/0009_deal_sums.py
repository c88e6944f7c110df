"""A pipeline for workspaces that are there already, and the sums of deals, kept by triggers."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations

import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import DueWorkspaces

# As funnel.actions.pipelines gives them to new workspaces.
USUAL = """
INSERT INTO funnel_pipeline (workspace_id, name, explanation, position)
SELECT id, 'Sales', 'New business with people sales has qualified.', 0 FROM workspaces_workspace;
INSERT INTO funnel_pipelinestage (
    workspace_id, pipeline_id, name, explanation, probability, forecast, position)
SELECT pipeline.workspace_id, pipeline.id, usual.*
FROM funnel_pipeline AS pipeline, (VALUES
    ('Needs', 'We know what they need and who decides.', 20, 'open', 0),
    ('Offer', 'They have a written offer with a price.', 40, 'open', 1),
    ('Negotiation', 'They want it; terms and price are talked about.', 60, 'best_case', 2),
    ('Agreed', 'They said yes; the signature is missing.', 90, 'committed', 3)
) AS usual (name, explanation, probability, forecast, position);
INSERT INTO funnel_closereason (workspace_id, status, name, position)
SELECT workspace.id, usual.*
FROM workspaces_workspace AS workspace, (VALUES
    ('lost', 'Too expensive', 0), ('lost', 'Chose a competitor', 1), ('lost', 'No budget', 2),
    ('lost', 'Nobody decided', 3), ('lost', 'Something is missing in the product', 4),
    ('won', 'Best fit', 0), ('won', 'Price', 1), ('won', 'Trust in us', 2)
) AS usual (status, name, position)
"""
PLACED = """
UPDATE funnel_deal AS deal SET stage_id = stage.id, stage_entered_at = deal.opened_at
FROM funnel_pipelinestage AS stage
WHERE stage.workspace_id = deal.workspace_id AND stage.position = 0;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED
"""

# A deal that comes without a stage (out of a parcel that is older than pipelines, say) begins in
# the first one.
FIRST = """
CREATE FUNCTION funnel_deal_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.stage_id := (
        SELECT stage.id FROM funnel_pipelinestage AS stage
        JOIN funnel_pipeline AS pipeline ON pipeline.workspace_id = stage.workspace_id
            AND pipeline.id = stage.pipeline_id AND pipeline.retired_at IS NULL
        WHERE stage.workspace_id = new.workspace_id AND stage.retired_at IS NULL
        ORDER BY pipeline.position, pipeline.id, stage.position, stage.id LIMIT 1);
    RETURN new;
END $$;
CREATE TRIGGER funnel_deal_begin BEFORE INSERT ON funnel_deal
    FOR EACH ROW WHEN (new.stage_id IS NULL) EXECUTE FUNCTION funnel_deal_begin();
"""

# Set-wise: one row for each stage, status and owner a statement has changed anything of.
COUNTED = """
    sum(n), sum(n * coalesce(amount, 0)), sum(n * coalesce(margin, 0)),
    sum(n * CASE WHEN probability IS NULL THEN coalesce(amount, 0) ELSE 0 END),
    sum(n * coalesce(amount * probability, 0))
"""
KEEP = """
CREATE FUNCTION funnel_deal_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO funnel_dealsum (workspace_id, stage_id, status, owner_id,
        deals, amount, margin, plain, weighed, is_folded)
    SELECT workspace_id, stage_id, status, owner_id, {counted}, false
    FROM ({rows}) AS moved
    GROUP BY workspace_id, stage_id, status, owner_id
    HAVING ({counted}) IS DISTINCT FROM (0, 0, 0, 0, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER funnel_deal_{name} AFTER {event} ON funnel_deal
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION funnel_deal_{name}();
"""
COLUMNS = "workspace_id, stage_id, status, owner_id, amount, margin, probability"
COME = f"SELECT 1 AS n, {COLUMNS} FROM come"  # noqa: S608
GONE = f"SELECT -1 AS n, {COLUMNS} FROM gone"  # noqa: S608
KEPT = (
    ("counted_in", "INSERT", "NEW TABLE AS come", COME),
    ("counted_out", "DELETE", "OLD TABLE AS gone", GONE),
    (
        "counted_over",
        "UPDATE",
        "OLD TABLE AS gone NEW TABLE AS come",
        f"{COME} UNION ALL {GONE}",
    ),
)
TRIGGERS = "".join(
    KEEP.format(name=name, event=event, tables=tables, rows=rows, counted=COUNTED)
    for name, event, tables, rows in KEPT
)
FILLED = f"""
INSERT INTO funnel_dealsum (workspace_id, stage_id, status, owner_id,
    deals, amount, margin, plain, weighed, is_folded)
SELECT workspace_id, stage_id, status, owner_id, {COUNTED}, true
FROM (SELECT 1 AS n, {COLUMNS} FROM funnel_deal) AS deal
GROUP BY workspace_id, stage_id, status, owner_id
"""  # noqa: S608  # nothing but our own constants go in
UNDONE = "".join(
    f"DROP TRIGGER funnel_deal_{name} ON funnel_deal; DROP FUNCTION funnel_deal_{name};"
    for name in ("begin", *(each[0] for each in KEPT))
)


class Migration(migrations.Migration):
    """Rows, triggers, sweep."""

    dependencies: ClassVar = [("funnel", "0008_pipelines")]

    operations: ClassVar = [
        migrations.RunSQL(USUAL, migrations.RunSQL.noop),
        migrations.RunSQL(PLACED, migrations.RunSQL.noop),
        migrations.AlterField(
            "deal",
            "stage",
            leadmgmt.kernel.fencing.WorkspaceForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deals",
                to="funnel.pipelinestage",
            ),
        ),
        migrations.RunSQL(FIRST + TRIGGERS, UNDONE),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        DueWorkspaces(
            "funnel_due_deal_sums",
            table="funnel_dealsum",
            condition="NOT is_folded AND $1 > '-infinity'",
        ),
        DueWorkspaces("funnel_with_deals", table="funnel_deal", condition="opened_at <= $1"),
    ]
