"""Blast radii, releases and who they hold, their fence, and the sweep."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import DueWorkspaces, Fence


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0020_keeper"),
        ("scoring", "0010_rehearsals"),
        ("workspaces", "0008_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="BlastRadius",
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
                ("digest", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("cursor", models.UUIDField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("figures", models.JSONField(default=dict)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "version",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="radii",
                        to="scoring.modelversion",
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
            name="Release",
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
                    "effects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                ("total_cap", models.PositiveIntegerField(null=True)),
                ("hourly_cap", models.PositiveIntegerField(null=True)),
                (
                    "shares",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), size=None
                    ),
                ),
                ("hours", models.PositiveSmallIntegerField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("stopped", "Stopped"),
                            ("ended", "Ended"),
                            ("done", "Done"),
                        ],
                        default="running",
                        max_length=7,
                    ),
                ),
                ("stage", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("stage_done_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("capped_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "ended_by",
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
                    "version",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="releases",
                        to="scoring.modelversion",
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
            name="HeldLead",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "release_id",
                        "lead_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("lot", models.PositiveSmallIntegerField()),
                ("released_at", models.DateTimeField(null=True)),
                ("is_promoted", models.BooleanField(default=False)),
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
                (
                    "release",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="scoring.release",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TouchedLead",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "radius_id",
                        "lead_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("old_score", models.IntegerField(null=True)),
                ("new_score", models.IntegerField(null=True)),
                (
                    "old_class",
                    models.CharField(
                        blank=True,
                        choices=[("hot", "Hot"), ("warm", "Warm"), ("cold", "Cold")],
                        default="",
                        max_length=4,
                    ),
                ),
                (
                    "new_class",
                    models.CharField(
                        blank=True,
                        choices=[("hot", "Hot"), ("warm", "Warm"), ("cold", "Cold")],
                        default="",
                        max_length=4,
                    ),
                ),
                ("new_grade", models.CharField(blank=True, default="", max_length=2)),
                ("is_promoted", models.BooleanField(default=False)),
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
                    "radius",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="scoring.blastradius",
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
        migrations.AddConstraint(
            model_name="blastradius",
            constraint=models.UniqueConstraint(
                fields=("workspace", "version"), name="blast_radius_once"
            ),
        ),
        migrations.AddIndex(
            model_name="release",
            index=models.Index(
                condition=models.Q(("state", "running")),
                fields=["workspace", "due_at"],
                name="release_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("workspace", "version"), name="release_once"
            ),
        ),
        migrations.AddIndex(
            model_name="heldlead",
            index=models.Index(
                condition=models.Q(("released_at", None)),
                fields=["workspace", "release", "lot", "lead"],
                name="held_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="heldlead",
            index=models.Index(
                condition=models.Q(("is_promoted", True)),
                fields=["workspace", "release", "released_at"],
                name="held_promoted",
            ),
        ),
        migrations.AddIndex(
            model_name="heldlead",
            index=models.Index(
                condition=models.Q(("released_at", None)),
                fields=["workspace", "lead"],
                name="held_lead",
            ),
        ),
        Fence("BlastRadius", "Release"),
        Fence("HeldLead", "TouchedLead", is_referenced=False),
        DueWorkspaces(
            "scoring_due_releases",
            table="scoring_release",
            condition="state = 'running' AND due_at <= $1",
        ),
    ]
