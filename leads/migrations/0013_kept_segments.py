"""How far a segment has been asked, who put whom in by hand, and where a new day has begun."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import DueWorkspaces, FenceReference


class Migration(migrations.Migration):
    """Columns, their references, the sweep."""

    dependencies: ClassVar = [
        ("leads", "0012_tasks"),
        ("workspaces", "0005_one_look_at_a_key"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="membership",
            name="by",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="workspaces.member",
            ),
        ),
        migrations.AddField(
            model_name="segment",
            name="cursor",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="segment",
            name="done",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="segment",
            name="is_quiet",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="segment",
            name="total",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("left_at", None), _negated=True),
                fields=["workspace", "segment", "-left_at"],
                name="membership_left",
            ),
        ),
        FenceReference("membership", "by"),
        DueWorkspaces(
            "leads_due_segments",
            table="leads_segment",
            condition="""kind = 'live' AND retired_at IS NULL AND NOT is_stale AND refreshed_on < (
                SELECT ($1 AT TIME ZONE workspace.time_zone)::date
                FROM workspaces_workspace AS workspace WHERE workspace.id = leads_segment.workspace_id)""",
        ),
    ]
