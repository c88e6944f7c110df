"""Definitions of marketing and sales: approvals of both, what a stage is made of, company rule."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import funnel.models.stages
import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence, FenceReference


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0009_deal_sums"),
        ("workspaces", "0009_teams"),
    ]

    operations = [
        migrations.RenameField("definition", "approved_by", "published_by"),
        migrations.RenameField("definition", "approved_at", "published_at"),
        migrations.AddField(
            model_name="definition",
            name="exit_reasons",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="definition",
            name="is_binding",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="definition",
            name="marketing_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="definition",
            name="marketing_by",
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
            model_name="definition",
            name="moves_to",
            field=models.JSONField(
                blank=True,
                db_default=["lead", "mql", "sql", "customer", "nurturing", "disqualified"],
                default=funnel.models.stages.everywhere,
            ),
        ),
        migrations.AddField(
            model_name="definition",
            name="owner_team",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="workspaces.team",
            ),
        ),
        migrations.AddField(
            model_name="definition",
            name="revision",
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name="definition",
            name="sales_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="definition",
            name="sales_by",
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
            model_name="definition",
            name="subcategories",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="stagemove",
            name="exit_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.CreateModel(
            name="CompanyRule",
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
                ("version", models.PositiveSmallIntegerField()),
                (
                    "revision",
                    models.PositiveIntegerField(db_default=1, default=1, editable=False),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=9,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="why it changes"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("marketing_at", models.DateTimeField(null=True)),
                ("sales_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "least_people",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(20),
                        ],
                        verbose_name="how many people",
                    ),
                ),
                (
                    "marketing_by",
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
                    "proposed_by",
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
                    "published_by",
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
                    "sales_by",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "version"), name="companyrule_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("workspace",),
                        name="companyrule_published_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("workspace",),
                        name="companyrule_draft_once",
                    ),
                ],
            },
        ),
        FenceReference("Definition", "marketing_by"),
        FenceReference("Definition", "sales_by"),
        FenceReference("Definition", "owner_team"),
        Fence("CompanyRule"),
    ]
