"""Several models, each with its versions; groups, fading, decisions; contributions by place.

What was a score model is a version now; the versions of a workspace belong to its main model.
"""

from typing import Any, ClassVar

import django.db.models.deletion
import django.db.models.functions.datetime
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import leadmgmt.kernel.context
import leadmgmt.kernel.fencing
import scoring.models.versions
from leadmgmt.kernel.fencing import Fence, FenceReference, UUIDv7, WorkspaceForeignKey

CLASSES = [("hot", "Hot"), ("warm", "Warm"), ("cold", "Cold")]
GRADES = [(letter + sign, letter + sign) for letter in "ABCD" for sign in ("+", "", "-")] + [
    ("F", "F")
]
REASONS = [
    ("fact", "something happened"),
    ("profile", "what is known changed"),
    ("days", "days went by"),
    ("version", "another version"),
    ("recompute", "worked out anew"),
    ("verdict", "a machine did it"),
    ("cycle", "a new cycle"),
]

# Tables and columns keep their constraints when they are renamed; the names should follow.
RENAMED = """
ALTER TABLE scoring_modelversion RENAME CONSTRAINT scoring_scoremodel_pkey
    TO scoring_modelversion_pkey;
ALTER TABLE scoring_modelversion RENAME CONSTRAINT scoring_scoremodel_ref
    TO scoring_modelversion_ref;
ALTER TABLE scoring_modelversion RENAME CONSTRAINT scoring_scoremodel_made_by_id_ref
    TO scoring_modelversion_made_by_id_ref;
ALTER TABLE scoring_modelversion RENAME CONSTRAINT scoring_scoremodel_published_by_id_ref
    TO scoring_modelversion_published_by_id_ref;
ALTER TABLE scoring_rule RENAME CONSTRAINT scoring_rule_model_id_ref
    TO scoring_rule_version_id_ref;
ALTER TABLE scoring_scorechange RENAME CONSTRAINT scoring_scorechange_model_id_ref
    TO scoring_scorechange_version_id_ref;
ALTER TABLE scoring_recompute RENAME CONSTRAINT scoring_recompute_model_id_ref
    TO scoring_recompute_version_id_ref;
ALTER TABLE scoring_leadscore RENAME COLUMN model_id TO version_id;
ALTER TABLE scoring_leadscore RENAME CONSTRAINT scoring_leadscore_model_id_ref
    TO scoring_leadscore_version_id_ref;
"""

MAIN = """
INSERT INTO scoring_scoremodel (workspace_id, name, purpose, position)
SELECT DISTINCT workspace_id, 'Main score', 'main', 0 FROM scoring_modelversion;
UPDATE scoring_modelversion AS version
SET model_id = model.id,
    effective_at = CASE WHEN state IN ('published', 'retired') THEN published_at END
FROM scoring_scoremodel AS model WHERE model.workspace_id = version.workspace_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""

# Positions from 1 name the rules. The digests are of the old kind: each score is written once more
# when it is next looked at.
PLACED = """
UPDATE scoring_rule AS rule SET position = placed.place
FROM (
    SELECT workspace_id, id,
        row_number() OVER (PARTITION BY workspace_id, version_id ORDER BY position, id) AS place
    FROM scoring_rule
) AS placed
WHERE rule.workspace_id = placed.workspace_id AND rule.id = placed.id;
ALTER TABLE scoring_leadscore ALTER COLUMN value DROP NOT NULL,
    ADD COLUMN grade varchar(2) NOT NULL DEFAULT '',
    ADD COLUMN places smallint[] NOT NULL DEFAULT '{}',
    ADD COLUMN faded bigint[] NOT NULL DEFAULT '{}';
UPDATE scoring_leadscore AS score SET places = (
    SELECT coalesce(array_agg(coalesce(rule.position, 0) ORDER BY given.nth), '{}')
    FROM unnest(score.rules) WITH ORDINALITY AS given (rule_id, nth)
    LEFT JOIN scoring_rule AS rule
        ON rule.workspace_id = score.workspace_id AND rule.id = given.rule_id)
WHERE rules <> '{}';
ALTER TABLE scoring_leadscore DROP COLUMN rules;
ALTER TABLE scoring_leadscore ALTER COLUMN places DROP DEFAULT, ALTER COLUMN faded DROP DEFAULT;
"""


def an_id() -> Any:
    """The key of a row, made by the database."""
    return models.UUIDField(db_default=UUIDv7(), editable=False, primary_key=True, serialize=False)


def of_workspace(**given: Any) -> Any:
    """The workspace a row belongs to."""
    return models.ForeignKey(
        db_index=False,
        default=leadmgmt.kernel.context.current_workspace_id,
        editable=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="workspaces.workspace",
        **given,
    )


def refers(to: str, name: str = "+", **given: Any) -> Any:
    """A row of the same workspace."""
    return WorkspaceForeignKey(
        **{"on_delete": django.db.models.deletion.CASCADE, "related_name": name, "to": to} | given
    )


def array_of(field: Any, **given: Any) -> Any:
    """An empty array for a start."""
    return ArrayField(base_field=field, default=list, size=None, **given)


def letters(**given: Any) -> Any:
    """A grade, or none."""
    return models.CharField(choices=GRADES, db_default="", default="", max_length=2, **given)


LEAD_SCORE = migrations.CreateModel(
    name="LeadScore",
    fields=[
        (
            "pk",
            models.CompositePrimaryKey(
                "workspace_id",
                "lead_id",
                "version_id",
                blank=True,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        ("value", models.IntegerField(default=0, null=True)),
        (
            "lead_class",
            models.CharField(blank=True, choices=CLASSES, default="", max_length=4),
        ),
        ("grade", letters(blank=True)),
        ("as_of", models.DateTimeField(null=True)),
        ("due_at", models.DateTimeField(null=True)),
        ("digest", models.BigIntegerField(default=0)),
        ("places", array_of(models.SmallIntegerField())),
        ("facts", array_of(models.IntegerField())),
        ("raw", array_of(models.BigIntegerField())),
        ("faded", array_of(models.BigIntegerField())),
        ("points", array_of(models.IntegerField())),
        ("lead", refers("leads.lead")),
        ("version", refers("scoring.modelversion")),
        ("workspace", of_workspace(db_constraint=False)),
    ],
    options={
        "indexes": [
            models.Index(
                condition=models.Q(("due_at__isnull", False)),
                fields=["workspace", "due_at"],
                name="lead_score_due",
            )
        ],
    },
)


class Migration(migrations.Migration):
    """Models above versions, and what versions can say besides."""

    dependencies: ClassVar = [
        ("scoring", "0005_hits_from_the_index"),
        ("leads", "0018_grade"),
        ("workspaces", "0002_fence"),
    ]

    operations: ClassVar = [
        # What is there gets its new names.
        migrations.RemoveConstraint("scoremodel", "score_model_number_once"),
        migrations.RemoveConstraint("scoremodel", "score_model_state_once"),
        migrations.RemoveIndex("rule", "rule_of_model"),
        migrations.RenameModel("ScoreModel", "ModelVersion"),
        migrations.RenameField("rule", "model", "version"),
        migrations.RenameField("scorechange", "model", "version"),
        migrations.RenameField("recompute", "model", "version"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(RENAMED, migrations.RunSQL.noop)],
            state_operations=[migrations.DeleteModel("LeadScore"), LEAD_SCORE],
        ),
        migrations.RunSQL(PLACED, migrations.RunSQL.noop),
        migrations.AddIndex(
            "rule",
            models.Index(fields=["workspace", "version", "position"], name="rule_of_model"),
        ),
        # Models, groups, decisions.
        migrations.CreateModel(
            name="ScoreModel",
            fields=[
                ("id", an_id()),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("main", "Main: the score and class lists show"),
                            ("fit", "Fit: the grade"),
                            ("product", "Product line: a score of its own"),
                        ],
                        max_length=7,
                        verbose_name="purpose",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("retired_at", models.DateTimeField(null=True)),
                ("workspace", of_workspace()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("purpose__in", ["main", "fit"]), ("retired_at", None)),
                        fields=("workspace", "purpose"),
                        name="score_model_purpose_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("workspace", "name"),
                        name="score_model_name_once",
                        violation_error_message="Another score model already has this name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleGroup",
            fields=[
                ("id", an_id()),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("cap", models.PositiveIntegerField(verbose_name="at most")),
                ("version", refers("scoring.modelversion", "groups")),
                ("workspace", of_workspace()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "version", "name"),
                        name="rule_group_name_once",
                        violation_error_message="Another group already has this name.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", an_id()),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("condition", models.JSONField(default=dict)),
                (
                    "lead_class",
                    models.CharField(choices=CLASSES, max_length=4, verbose_name="class"),
                ),
                ("version", refers("scoring.modelversion", "decisions")),
                ("workspace", of_workspace()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["workspace", "version", "position"], name="decision_of_version"
                    )
                ],
            },
        ),
        # Versions.
        migrations.AddField(
            "modelversion",
            "mode",
            models.CharField(
                choices=[("points", "Points"), ("decisions", "Decision rules, without points")],
                default="points",
                max_length=9,
                verbose_name="sorts by",
            ),
        ),
        migrations.AddField(
            "modelversion",
            "most",
            models.PositiveIntegerField(blank=True, null=True, verbose_name="at most"),
        ),
        migrations.AddField(
            "modelversion",
            "least",
            models.IntegerField(blank=True, null=True, verbose_name="at least"),
        ),
        migrations.AddField("modelversion", "matrix", models.JSONField(blank=True, default=dict)),
        migrations.AddField("modelversion", "urgency", models.JSONField(blank=True, default=dict)),
        migrations.AddField(
            "modelversion",
            "grades",
            models.JSONField(default=scoring.models.versions.usual_grades),
        ),
        migrations.AddField("modelversion", "effective_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "modelversion", "model", refers("scoring.scoremodel", "versions", null=True)
        ),
        migrations.RunSQL(MAIN, migrations.RunSQL.noop),
        migrations.AlterField("modelversion", "model", refers("scoring.scoremodel", "versions")),
        migrations.AddConstraint(
            "modelversion",
            models.UniqueConstraint(
                fields=("workspace", "model", "number"), name="model_version_number_once"
            ),
        ),
        migrations.AddConstraint(
            "modelversion",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "preparing", "published"])),
                fields=("workspace", "model", "state"),
                name="model_version_state_once",
            ),
        ),
        migrations.AddConstraint(
            "modelversion",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("least", None), ("least__lte", 0), _connector="OR"),
                    models.Q(("most", None), ("most__gt", 0), _connector="OR"),
                ),
                name="model_version_bounds_around_zero",
                violation_error_message="No score may be kept from being 0.",
            ),
        ),
        # Rules.
        migrations.AddField(
            "rule",
            "group",
            refers(
                "scoring.rulegroup",
                "rules",
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
            ),
        ),
        migrations.AddField(
            "rule",
            "decay",
            models.CharField(
                choices=[
                    ("none", "not at all"),
                    ("half_life", "by half in so many days"),
                    ("steps", "in steps"),
                ],
                default="none",
                max_length=9,
                verbose_name="fades",
            ),
        ),
        migrations.AddField(
            "rule",
            "half_life_days",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="half after"),
        ),
        migrations.AddField("rule", "steps", models.JSONField(blank=True, default=list)),
        # History, recomputes.
        migrations.AddField(
            "scorechange",
            "reason",
            models.CharField(choices=REASONS, db_default="", default="", max_length=9),
        ),
        migrations.AlterField("scorechange", "new_score", models.IntegerField(null=True)),
        migrations.AddField("scorechange", "old_grade", letters()),
        migrations.AddField("scorechange", "new_grade", letters()),
        migrations.AddField(
            "scorechange", "places", array_of(models.SmallIntegerField(), db_default=[])
        ),
        migrations.AddField(
            "scorechange", "points", array_of(models.IntegerField(), db_default=[])
        ),
        migrations.AddField("recompute", "forgets", array_of(models.UUIDField())),
        Fence("ScoreModel", "RuleGroup", "Decision"),
        FenceReference("ModelVersion", "model"),
        FenceReference("Rule", "group"),
    ]
