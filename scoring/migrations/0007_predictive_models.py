"""Predictive models, and the chance each lead has."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import DueWorkspaces, Fence


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0017_retention"),
        ("scoring", "0006_several_models"),
        ("workspaces", "0006_unseen_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="PredictiveModel",
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
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Looking for cases"),
                            ("learning", "Learning"),
                            ("refused", "Not enough to learn from"),
                            ("trained", "Trained"),
                            ("chosen", "Chosen"),
                            ("retired", "Retired"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("study", models.JSONField(default=dict)),
                ("figures", models.JSONField(default=dict)),
                ("suspects", models.JSONField(default=list)),
                ("weights", models.JSONField(default=dict)),
                ("drift", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField()),
                ("trained_at", models.DateTimeField(null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="why it is chosen"
                    ),
                ),
                ("chosen_at", models.DateTimeField(null=True)),
                ("retired_at", models.DateTimeField(null=True)),
                ("cursor", models.UUIDField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
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
                    "chosen_by",
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
        ),
        migrations.CreateModel(
            name="Probability",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "lead_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("points", models.IntegerField(default=0)),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=list, size=None
                    ),
                ),
                ("as_of", models.DateTimeField()),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="leads.lead",
                    ),
                ),
                (
                    "model",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="scoring.predictivemodel",
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_constraint=False,
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
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="predictivemodel",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["workspace", "due_at"],
                name="predictive_model_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="predictivemodel",
            constraint=models.UniqueConstraint(
                fields=("workspace", "number"), name="predictive_model_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="predictivemodel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "chosen")),
                fields=("workspace",),
                name="predictive_model_chosen_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="predictivemodel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked", "learning"])),
                fields=("workspace",),
                name="predictive_model_in_work_once",
            ),
        ),
        Fence("PredictiveModel"),
        Fence("Probability", is_referenced=False),
        DueWorkspaces(
            "scoring_due_predictions", table="scoring_predictivemodel", condition="due_at <= $1"
        ),
    ]
