"""What changed of products, of what closers see, and of shares, when and by whom."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0021_owners_taken_back"),
        ("workspaces", "0010_closer"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProductChange",
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
                ("field", models.CharField(max_length=8)),
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
                    "product",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="funnel.product",
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
                        fields=["workspace", "product", "-changed_at", "-id"],
                        name="change_of_product",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ShareChange",
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
                ("field", models.CharField(max_length=9)),
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
                    "member",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.member",
                    ),
                ),
                (
                    "team",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="workspaces.team",
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
                        fields=["workspace", "team", "-changed_at", "-id"], name="change_of_share"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SightChange",
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
                (
                    "old",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("name", "Name"),
                                ("phone", "Phone"),
                                ("email", "Email"),
                                ("company", "Company"),
                                ("job_title", "Job title"),
                                ("city", "City"),
                                ("country", "Country"),
                                ("guide", "Call guide: what to ask, our reasons to buy"),
                                ("timeline", "Timeline and notes"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "new",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("name", "Name"),
                                ("phone", "Phone"),
                                ("email", "Email"),
                                ("company", "Company"),
                                ("job_title", "Job title"),
                                ("city", "City"),
                                ("country", "Country"),
                                ("guide", "Call guide: what to ask, our reasons to buy"),
                                ("timeline", "Timeline and notes"),
                            ],
                            max_length=10,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
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
                        fields=["workspace", "-changed_at", "-id"], name="sight_change_newest"
                    )
                ],
            },
        ),
        Fence("ProductChange", "ShareChange", "SightChange"),
    ]
