"""Companies that were made one."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
from leadmgmt.kernel.fencing import Fence, UUIDv7, WorkspaceForeignKey


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("leads", "0024_removed_companies"), ("workspaces", "0008_mail")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CompanyMerge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=UUIDv7(), editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("gone_id", models.UUIDField()),
                ("gone_label", models.CharField(max_length=254)),
                ("domain", models.CharField(blank=True, default="", max_length=253)),
                ("before", models.JSONField(default=dict)),
                ("moved", models.JSONField(default=dict)),
                ("merged_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    WorkspaceForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "company",
                    WorkspaceForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merges",
                        to="leads.company",
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
                    models.Index(fields=["workspace", "gone_id"], name="company_merge_gone"),
                    models.Index(
                        fields=["workspace", "company", "-merged_at"], name="company_merge_kept"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("undone_at", None), models.Q(("domain", ""), _negated=True)
                        ),
                        fields=["workspace", "domain"],
                        name="company_merge_domain",
                    ),
                ],
            },
        ),
        Fence("CompanyMerge"),
    ]
