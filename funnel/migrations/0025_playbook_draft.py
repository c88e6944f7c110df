"""What is to be the next playbook, as far as it is written."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import funnel.playbook
import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0024_renewal_history"),
        ("workspaces", "0010_closer"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaybookDraft",
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
                ("questions", models.JSONField(default=funnel.playbook.usual_questions)),
                ("reasons", models.JSONField(default=funnel.playbook.usual_reasons)),
                (
                    "least_in_favour",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="answers that must speak for buying"
                    ),
                ),
                (
                    "needs_authorised",
                    models.BooleanField(
                        default=True,
                        verbose_name="somebody who may decide must have been spoken to",
                    ),
                ),
                (
                    "cool_off_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        verbose_name="days in which no rule brings back whom sales sent back",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="why it changes"
                    ),
                ),
                ("after", models.PositiveIntegerField(default=0)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "saved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
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
                "constraints": [
                    models.UniqueConstraint(fields=("workspace",), name="playbook_draft_once")
                ],
            },
        ),
        Fence("PlaybookDraft"),
    ]
