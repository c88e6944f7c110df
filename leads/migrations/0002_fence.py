"""Activities by month, and the fence around every table of this app."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import Fence

PARTITIONED = """
ALTER TABLE leads_activity RENAME TO leads_activity_unpartitioned;
CREATE TABLE leads_activity (LIKE leads_activity_unpartitioned INCLUDING DEFAULTS)
    PARTITION BY RANGE (occurred_at);
DROP TABLE leads_activity_unpartitioned;
ALTER TABLE leads_activity
    ADD PRIMARY KEY (workspace_id, id, occurred_at),
    ADD FOREIGN KEY (workspace_id) REFERENCES workspaces_workspace (id)
        DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX activity_timeline ON leads_activity (workspace_id, lead_id, occurred_at DESC);
CREATE INDEX activity_anonymous ON leads_activity (workspace_id, visitor_id)
    WHERE lead_id IS NULL;
CREATE INDEX activity_when ON leads_activity USING brin (occurred_at);
"""

# Runs as the owner of the table, so that the worker can make room for the months to come. All
# that lies more than thirteen months before the first run shares one partition.
MONTHS = """
CREATE FUNCTION leads_make_activity_months(ahead int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
    month date := date_trunc('month', now()) - interval '13 months';
    name text;
BEGIN
    IF to_regclass('leads_activity_earlier') IS NULL THEN
        EXECUTE format(
            'CREATE TABLE leads_activity_earlier PARTITION OF leads_activity'
            ' FOR VALUES FROM (MINVALUE) TO (%L)', month);
        REVOKE ALL ON leads_activity_earlier FROM leadmgmt_app, leadmgmt_platform;
    END IF;
    WHILE month <= now() + make_interval(months => ahead) LOOP
        name := 'leads_activity_' || to_char(month, 'YYYY_MM');
        IF to_regclass(name) IS NULL AND month >= (
            SELECT max(upper) FROM (
                SELECT (regexp_match(pg_get_expr(relpartbound, oid), 'TO \\(''([^'']+)'))[1]::date
                    AS upper
                FROM pg_class WHERE oid IN (
                    SELECT inhrelid FROM pg_inherits WHERE inhparent = 'leads_activity'::regclass)
            ) AS bounds
        ) THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF leads_activity FOR VALUES FROM (%L) TO (%L)',
                name, month, month + interval '1 month');
            EXECUTE format('REVOKE ALL ON %I FROM leadmgmt_app, leadmgmt_platform', name);
        END IF;
        month := month + interval '1 month';
    END LOOP;
END $body$;
REVOKE ALL ON FUNCTION leads_make_activity_months(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION leads_make_activity_months(int) TO leadmgmt_app;
SELECT leads_make_activity_months(3);
"""


class Migration(migrations.Migration):
    """Fence and partitions."""

    dependencies: ClassVar = [("leads", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(PARTITIONED, migrations.RunSQL.noop),
        Fence("Company", "Campaign", "CustomField", "Lead"),
        Fence("Identity", "Visitor", "ActivityKey"),
        Fence("Activity", is_referenced=False),
        migrations.RunSQL(MONTHS, "DROP FUNCTION leads_make_activity_months(int)"),
    ]
