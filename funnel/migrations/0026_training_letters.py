"""Letters with which people are sent what they were given to learn."""

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import DueWorkspaces, Fence


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0025_playbook_draft"),
        ("workspaces", "0010_closer"),
    ]

    operations = [
        migrations.CreateModel(
            name="TrainingLetter",
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
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=1000, verbose_name="a word of yours"
                    ),
                ),
                ("is_with_file", models.BooleanField(default=False)),
                ("to", models.CharField(max_length=254, verbose_name="to")),
                ("subject", models.CharField(default="", max_length=300, verbose_name="subject")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("withheld", "Not sent"),
                            ("failed", "Failed"),
                            ("uncertain", "Uncertain"),
                        ],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("problem", models.CharField(default="", max_length=500)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
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
                    "training",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="funnel.training",
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
                        condition=models.Q(("state", "planned")),
                        fields=["workspace", "due_at"],
                        name="training_letter_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")),
                        fields=["workspace", "claimed_at"],
                        name="training_letter_in_flight",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "training", "number"), name="training_letter_once"
                    )
                ],
            },
        ),
        Fence("TrainingLetter"),
        DueWorkspaces(
            "funnel_due_letters",
            table="funnel_trainingletter",
            condition="state = 'planned' AND due_at <= $1",
        ),
        DueWorkspaces(
            "funnel_overdue_letters",
            table="funnel_trainingletter",
            condition="state = 'sending' AND claimed_at <= $1",
        ),
    ]
