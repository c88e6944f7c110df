"""Tasks: the usual kinds for workspaces that are there already, lists in order, and two sweeps."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Index, Q

from leadmgmt.kernel.fencing import DueWorkspaces

# As leads.actions.task_kinds gives them to new workspaces.
USUAL = """
INSERT INTO leads_taskkind (
    workspace_id, name, is_promise, due_hours, remind_hours, escalate_hours, position)
SELECT workspace.id, usual.*
FROM workspaces_workspace AS workspace, (VALUES
    ('Open demo access', true, 24, 2, 4, 0),
    ('Call with the offer', true, 48, 1, 4, 1),
    ('Send material', true, 24, 2, 8, 2),
    ('Call', false, 24, 1, 24, 3),
    ('Email', false, 24, NULL, 24, 4),
    ('To do', false, 72, NULL, NULL, 5)
) AS usual (name, is_promise, due_hours, remind_hours, escalate_hours, position)
ON CONFLICT (workspace_id, name) DO NOTHING
"""
OPEN = "done_at IS NULL AND dropped_at IS NULL"


def _in_order(name: str, *fields: str, of: Q) -> migrations.AddIndex:
    return migrations.AddIndex(
        "task", Index(fields=["workspace", *fields], condition=of, name=name)
    )


class Migration(migrations.Migration):
    """Rows, indexes, sweeps."""

    dependencies: ClassVar = [("leads", "0011_words"), ("workspaces", "0003_notice")]

    operations: ClassVar = [
        migrations.RunSQL(USUAL, migrations.RunSQL.noop),
        migrations.AddIndex(
            "task", models.Index(fields=["workspace", "company", "due_at"], name="task_company")
        ),
        _in_order("task_open_all", "due_at", "id", of=Q(done_at=None, dropped_at=None)),
        _in_order("task_done", "done_by", "-done_at", "-id", of=Q(done_at__isnull=False)),
        _in_order("task_done_all", "-done_at", "-id", of=Q(done_at__isnull=False)),
        DueWorkspaces(
            "leads_due_reminders", table="leads_task", condition=f"remind_at <= $1 AND {OPEN}"
        ),
        DueWorkspaces(
            "leads_due_escalations", table="leads_task", condition=f"escalate_at <= $1 AND {OPEN}"
        ),
    ]
