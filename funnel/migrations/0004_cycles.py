"""Qualification cycles that are closed: what each of them was."""

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0003_by_lead"),
        ("leads", "0021_cycles"),
        ("workspaces", "0008_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedCycle",
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
                ("number", models.PositiveSmallIntegerField()),
                ("begun_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("won", "Bought"),
                            ("lost", "Deal lost"),
                            ("never", "Disqualified"),
                            ("not_now", "Not now"),
                            ("nothing", "Nothing came of it"),
                        ],
                        max_length=7,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("mql", "MQL"),
                            ("sql", "SQL"),
                            ("customer", "Customer"),
                            ("nurturing", "Nurturing"),
                            ("disqualified", "Disqualified"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "highest_stage",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("mql", "MQL"),
                            ("sql", "SQL"),
                            ("customer", "Customer"),
                            ("nurturing", "Nurturing"),
                            ("disqualified", "Disqualified"),
                        ],
                        max_length=12,
                    ),
                ),
                ("score", models.IntegerField(null=True)),
                (
                    "lead_class",
                    models.CharField(
                        blank=True,
                        choices=[("hot", "Hot"), ("warm", "Warm"), ("cold", "Cold")],
                        default="",
                        max_length=4,
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A+", "A+"),
                            ("A", "A"),
                            ("A-", "A-"),
                            ("B+", "B+"),
                            ("B", "B"),
                            ("B-", "B-"),
                            ("C+", "C+"),
                            ("C", "C"),
                            ("C-", "C-"),
                            ("D+", "D+"),
                            ("D", "D"),
                            ("D-", "D-"),
                            ("F", "F"),
                        ],
                        default="",
                        max_length=2,
                    ),
                ),
                (
                    "carry",
                    models.CharField(
                        choices=[
                            ("nothing", "Nothing: the score starts at 0"),
                            (
                                "profile",
                                "The points for who they are; what they did counts no more",
                            ),
                            ("share", "A share of the old score, in percent"),
                            ("points", "So many points"),
                        ],
                        default="nothing",
                        max_length=7,
                    ),
                ),
                ("carry_amount", models.IntegerField(default=0)),
                (
                    "onward",
                    models.CharField(
                        choices=[("lead", "Back to lead"), ("stays", "In the stage where it is")],
                        default="lead",
                        max_length=5,
                    ),
                ),
                ("story", models.JSONField(default=dict)),
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
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cycles",
                        to="leads.lead",
                    ),
                ),
                (
                    "owner",
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
                        fields=["workspace", "lead", "-closed_at", "-id"], name="cycle_of_lead"
                    ),
                    models.Index(fields=["workspace", "-closed_at", "-id"], name="cycle_newest"),
                ],
            },
        ),
        Fence("ClosedCycle"),
    ]
