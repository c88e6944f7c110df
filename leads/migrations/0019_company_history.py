"""What we knew of companies before."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
from leadmgmt.kernel.fencing import Fence, UUIDv7, WorkspaceForeignKey


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("leads", "0018_grade"), ("workspaces", "0008_mail")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CompanyChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=UUIDv7(), editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.CharField(max_length=80)),
                ("old", models.JSONField(null=True)),
                ("new", models.JSONField(null=True)),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("person", "a person"),
                            ("form", "a form"),
                            ("import", "an import"),
                            ("api", "the API"),
                            ("bulk", "a bulk action"),
                            ("merge", "a merge"),
                            ("tracking", "tracking"),
                        ],
                        max_length=8,
                    ),
                ),
                ("via_id", models.UUIDField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
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
                        related_name="changes",
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
                    models.Index(
                        fields=["workspace", "company", "-changed_at"],
                        name="company_change_newest",
                    ),
                    models.Index(
                        condition=models.Q(("via_id__isnull", False)),
                        fields=["workspace", "via_id", "company"],
                        name="company_change_via",
                    ),
                ],
            },
        ),
        Fence("CompanyChange"),
    ]
