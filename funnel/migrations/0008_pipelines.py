"""Deals stand in the stages of pipelines; what changes of them is kept."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence, FenceReference


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0007_routing"),
        ("leads", "0021_cycles"),
        ("workspaces", "0008_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="next_step",
            field=models.CharField(
                blank=True, default="", max_length=200, verbose_name="next step"
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="next_step_on",
            field=models.DateField(blank=True, null=True, verbose_name="on"),
        ),
        migrations.AddField(
            model_name="deal",
            name="probability",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="probability"
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="stage_entered_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="deal",
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.CreateModel(
            name="CloseReason",
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
                    "status",
                    models.CharField(
                        choices=[("won", "Won"), ("lost", "Lost")],
                        max_length=4,
                        verbose_name="for deals that are",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="reason")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
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
        migrations.AddField(
            model_name="deal",
            name="close_reason",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="funnel.closereason",
            ),
        ),
        migrations.CreateModel(
            name="DealChange",
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
                ("field", models.CharField(max_length=20)),
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
                    "deal",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="funnel.deal",
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
            name="Pipeline",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "explanation",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="what it is for"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
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
            name="PipelineStage",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "explanation",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="what it means"
                    ),
                ),
                (
                    "probability",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="probability",
                    ),
                ),
                (
                    "forecast",
                    models.CharField(
                        choices=[
                            ("open", "Weighted only"),
                            ("best_case", "Best case"),
                            ("committed", "Committed"),
                        ],
                        default="open",
                        max_length=9,
                        verbose_name="in the forecast",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "pipeline",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="funnel.pipeline",
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
            name="DealSum",
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
                ("status", models.CharField(max_length=4)),
                ("deals", models.IntegerField()),
                ("amount", models.BigIntegerField(default=0)),
                ("margin", models.BigIntegerField(default=0)),
                ("plain", models.BigIntegerField(default=0)),
                ("weighed", models.BigIntegerField(default=0)),
                ("is_folded", models.BooleanField(default=False)),
                (
                    "owner",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
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
                (
                    "stage",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="funnel.pipelinestage",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="deal",
            name="stage",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deals",
                to="funnel.pipelinestage",
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="closes_on",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "expected_on", models.Value("9999-12-31", models.DateField())
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["workspace", "company"], name="deal_company"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["workspace", "stage", "closes_on", "id"],
                name="deal_on_board",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["workspace", "owner", "stage", "closes_on", "id"],
                name="deal_on_own_board",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("probability", None), ("probability__lte", 100), _connector="OR"
                ),
                name="deal_probability_in_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="closereason",
            constraint=models.UniqueConstraint(
                fields=("workspace", "status", "name"),
                name="close_reason_once",
                violation_error_message="There is such a reason already.",
            ),
        ),
        migrations.AddIndex(
            model_name="dealchange",
            index=models.Index(
                fields=["workspace", "deal", "-changed_at", "-id"], name="change_of_deal"
            ),
        ),
        migrations.AddConstraint(
            model_name="pipeline",
            constraint=models.UniqueConstraint(
                fields=("workspace", "name"),
                name="pipeline_once",
                violation_error_message="Another pipeline already has this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pipelinestage",
            constraint=models.UniqueConstraint(
                fields=("workspace", "pipeline", "name"),
                name="pipeline_stage_once",
                violation_error_message="Another stage of this pipeline has this name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pipelinestage",
            constraint=models.CheckConstraint(
                condition=models.Q(("probability__lte", 100)), name="stage_probability_in_percent"
            ),
        ),
        migrations.AddIndex(
            model_name="dealsum",
            index=models.Index(fields=["workspace", "stage"], name="deal_sum_stage"),
        ),
        migrations.AddIndex(
            model_name="dealsum",
            index=models.Index(
                condition=models.Q(("is_folded", False)),
                fields=["workspace"],
                name="deal_sum_loose",
            ),
        ),
        Fence("CloseReason", "DealChange", "Pipeline", "PipelineStage"),
        Fence("DealSum", is_referenced=False),
        FenceReference("Deal", "close_reason"),
        FenceReference("Deal", "stage"),
    ]
