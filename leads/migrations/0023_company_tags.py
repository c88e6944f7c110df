"""Tags of companies."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

import leadmgmt.kernel.context
from leadmgmt.kernel.fencing import Fence, UUIDv7, WorkspaceForeignKey


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("leads", "0022_company_stage_since"), ("workspaces", "0008_mail")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CompanyTag",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=UUIDv7(), editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tagged_at", models.DateTimeField(db_default=Now())),
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
                        related_name="company_tags",
                        to="leads.company",
                    ),
                ),
                (
                    "tag",
                    WorkspaceForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="company_tags",
                        to="leads.tag",
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
                        fields=["workspace", "tag", "company"], name="company_tag_companies"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "company", "tag"), name="company_tag_once"
                    ),
                ],
            },
        ),
        Fence("CompanyTag"),
    ]
