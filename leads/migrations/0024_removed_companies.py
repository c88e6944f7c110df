"""Companies that were taken out, and the sweep for those whose time is over."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
from leadmgmt.kernel.fencing import DueWorkspaces, Fence, UUIDv7, WorkspaceForeignKey


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("leads", "0023_company_tags"), ("workspaces", "0008_mail")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="RemovedCompany",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=UUIDv7(), editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("company_id", models.UUIDField()),
                ("label", models.CharField(max_length=254)),
                ("rows", models.JSONField(default=dict)),
                ("cause", models.CharField(max_length=10)),
                ("cause_id", models.UUIDField(blank=True, null=True)),
                ("removed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
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
                    models.Index(fields=["workspace", "cause_id"], name="removed_firm_cause"),
                    models.Index(fields=["workspace", "expires_at"], name="removed_firm_expires"),
                    models.Index(
                        fields=["workspace", "-removed_at", "-id"], name="removed_firm_newest"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "company_id"), name="removed_firm_once"
                    ),
                ],
            },
        ),
        Fence("RemovedCompany"),
        DueWorkspaces(
            "leads_due_removed_companies",
            table="leads_removedcompany",
            condition="expires_at <= $1",
        ),
    ]
