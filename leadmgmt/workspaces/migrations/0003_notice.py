"""Notices: what a member should know."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("workspaces", "0002_fence"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
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
                ("kind", models.CharField(max_length=20)),
                ("text", models.CharField(max_length=300)),
                ("path", models.CharField(blank=True, default="", max_length=300)),
                ("key", models.CharField(max_length=100)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="workspaces.member",
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
                        fields=["workspace", "member", "-created_at", "-id"], name="notice_newest"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "member", "key"), name="notice_once"
                    )
                ],
            },
        ),
        Fence("Notice"),
    ]
