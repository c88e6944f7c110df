"""Whom a bulk action is about is written down when it begins."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
from leadmgmt.kernel.fencing import Fence, UUIDv7, WorkspaceForeignKey


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("leads", "0025_company_merges"), ("workspaces", "0010_closer")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="BulkChoice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=UUIDv7(), editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                (
                    "bulk",
                    WorkspaceForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="choices",
                        to="leads.bulkaction",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "bulk", "number"), name="bulk_choice_once"
                    )
                ],
            },
        ),
        Fence("BulkChoice"),
    ]
