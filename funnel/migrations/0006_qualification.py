"""Qualifications ask what the playbook says; the queue is kept in its order; dispositions."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import funnel.playbook
import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import Fence, FenceReference

# The four questions, and the two boxes, as answers of the usual playbook.
ANSWERS = """
UPDATE funnel_qualification SET
    answers = jsonb_build_object(
        'budget', jsonb_build_object('answer', budget, 'note', budget_note),
        'authority', jsonb_build_object('answer', authority, 'note', authority_note),
        'need', jsonb_build_object('answer', need, 'note', need_note),
        'timing', jsonb_build_object('answer', timing, 'note', timing_note),
        'approval', jsonb_build_object('answer',
            CASE WHEN is_approval_outstanding THEN 'yes' ELSE 'unknown' END),
        'right_time', jsonb_build_object('answer',
            CASE WHEN is_right_time THEN 'yes' ELSE 'unknown' END)),
    saved_at = coalesce(concluded_at, begun_at),
    in_favour = (budget IN ('yes', 'partly'))::int + (authority IN ('yes', 'partly'))::int
        + (need IN ('yes', 'partly'))::int + (timing IN ('yes', 'partly'))::int
        + is_right_time::int
"""
# As funnel.actions.arranging does it, for leads that are in the queue already.
FILLED = """
INSERT INTO funnel_queueentry (workspace_id, lead_id, owner_id, due_at, due_hour, urgency, value,
    closeness, score, since)
SELECT lead.workspace_id, lead.id, lead.owner_id, step.due_at,
    coalesce(floor(date_part('epoch', step.due_at) / 3600)::int, 2147483647),
    CASE lead.lead_class WHEN 'hot' THEN 0 WHEN 'warm' THEN 1 WHEN 'cold' THEN 2 ELSE 3 END,
    0, CASE WHEN lead.stage = 'sql' THEN 1000 ELSE 0 END
        + CASE WHEN step.due_at IS NULL THEN 0 ELSE 100 END,
    coalesce(lead.score, -2147483648), lead.stage_entered_at
FROM leads_lead AS lead
LEFT JOIN funnel_nextstep AS step
    ON step.workspace_id = lead.workspace_id AND step.lead_id = lead.id AND step.done_at IS NULL
WHERE lead.stage IN ('mql', 'sql');
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0005_word_of_outcomes"),
        ("leads", "0021_cycles"),
        ("scoring", "0012_found_by_lead"),
        ("workspaces", "0008_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="Playbook",
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
                ("version", models.PositiveIntegerField(default=0)),
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
                (
                    "published_at",
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
        ),
        migrations.AddConstraint(
            model_name="playbook",
            constraint=models.UniqueConstraint(
                fields=("workspace", "version"), name="playbook_version_once"
            ),
        ),
        migrations.AddField(
            model_name="qualification",
            name="answers",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="qualification",
            name="in_favour",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="qualification",
            name="saved_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name="qualification",
            name="worth",
            field=models.BigIntegerField(
                blank=True, null=True, verbose_name="What it may be worth"
            ),
        ),
        migrations.AddField(
            model_name="qualification",
            name="playbook",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="funnel.playbook",
            ),
        ),
        migrations.RunSQL(ANSWERS, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="qualification",
            name="authority",
        ),
        migrations.RemoveField(
            model_name="qualification",
            name="authority_note",
        ),
        migrations.RemoveField(
            model_name="qualification",
            name="budget",
        ),
        migrations.RemoveField(
            model_name="qualification",
            name="budget_note",
        ),
        migrations.RemoveField(
            model_name="qualification",
            name="is_approval_outstanding",
        ),
        migrations.RemoveField(
            model_name="qualification",
            name="is_right_time",
        ),
        migrations.RemoveField(
            model_name="qualification",
            name="need",
        ),
        migrations.RemoveField(
            model_name="qualification",
            name="need_note",
        ),
        migrations.RemoveField(
            model_name="qualification",
            name="timing",
        ),
        migrations.RemoveField(
            model_name="qualification",
            name="timing_note",
        ),
        migrations.CreateModel(
            name="QueueEntry",
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
                ("due_at", models.DateTimeField(null=True)),
                ("due_hour", models.IntegerField(default=2147483647)),
                ("urgency", models.PositiveSmallIntegerField(default=3)),
                ("value", models.BigIntegerField(default=0)),
                ("closeness", models.PositiveSmallIntegerField(default=0)),
                ("score", models.IntegerField()),
                ("since", models.DateTimeField()),
                ("snoozed_until", models.DateTimeField(null=True)),
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
        ),
        migrations.CreateModel(
            name="Disposition",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("rejected", "Rejected"),
                            ("recycled", "Recycled"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(max_length=40)),
                (
                    "words",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="in words"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("cycle", models.PositiveSmallIntegerField(default=1)),
                (
                    "decided_at",
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
                    "definition",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funnel.definition",
                    ),
                ),
                (
                    "lead",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dispositions",
                        to="leads.lead",
                    ),
                ),
                (
                    "qualification",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="funnel.qualification",
                    ),
                ),
                (
                    "score_version",
                    leadmgmt.kernel.fencing.WorkspaceForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
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
            options={
                "indexes": [
                    models.Index(fields=["workspace", "made_at"], name="disposition_by_mql"),
                    models.Index(
                        fields=["workspace", "-decided_at", "-id"], name="disposition_newest"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "lead", "made_at"), name="disposition_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(
                fields=[
                    "workspace",
                    "owner",
                    "due_hour",
                    "urgency",
                    "-value",
                    "-closeness",
                    "-score",
                    "since",
                    "id",
                ],
                name="queue_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="queueentry",
            constraint=models.UniqueConstraint(
                fields=("workspace", "lead"), name="queue_entry_once"
            ),
        ),
        Fence("Playbook", "QueueEntry", "Disposition"),
        FenceReference("Qualification", "playbook"),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
    ]
