"""What renewals were expected to bring before, and when."""

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0023_late_steps"),
        ("workspaces", "0010_closer"),
    ]

    operations = [
        migrations.CreateModel(
            name="RenewalChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=leadmgmt.kernel.fencing.UUIDv7(),
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("field", models.CharField(max_length=10)),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "by",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "renewal",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="funnel.renewal",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        default=leadmgmt.kernel.context.current_workspace_id,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["workspace", "renewal", "-changed_at", "-id"],
                        name="change_of_renewal",
                    )
                ],
            },
        ),
        Fence("RenewalChange"),
    ]
