"""Who stopped a release, went on, opened a stage or ended it."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
from leadmgmt.kernel.fencing import Fence, UUIDv7, WorkspaceForeignKey

WHAT = [
    ("stopped", "Stopped it"),
    ("went_on", "Went on"),
    ("opened", "Opened the next stage"),
    ("ended", "Ended it for good"),
]


class Migration(migrations.Migration):
    """The table and its index."""

    dependencies: ClassVar = [
        ("scoring", "0013_model_scores"),
        ("workspaces", "0010_closer"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ReleaseStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=UUIDv7(), editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.CharField(choices=WHAT, max_length=7)),
                ("stage", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "release",
                    WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="scoring.release",
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
                    models.Index(fields=["workspace", "release", "at"], name="release_steps")
                ]
            },
        ),
        Fence("ReleaseStep"),
    ]
