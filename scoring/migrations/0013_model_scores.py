"""What models beside the main one say of each lead, narrow; chances found by their size."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.context
from leadmgmt.kernel.fencing import Fence, WorkspaceForeignKey

CLASSES = [("hot", "Hot"), ("warm", "Warm"), ("cold", "Cold")]
GRADES = [(letter + sign, letter + sign) for letter in "ABCD" for sign in ("+", "", "-")] + [
    ("F", "F")
]
SAID_BY_NOW = """
INSERT INTO scoring_modelscore (workspace_id, lead_id, model_id, value, lead_class, grade)
SELECT score.workspace_id, score.lead_id, version.model_id, score.value, score.lead_class,
    score.grade
FROM scoring_leadscore AS score
JOIN scoring_modelversion AS version
    ON version.workspace_id = score.workspace_id AND version.id = score.version_id
JOIN scoring_scoremodel AS model
    ON model.workspace_id = version.workspace_id AND model.id = version.model_id
WHERE version.state = 'published' AND model.purpose <> 'main' AND model.retired_at IS NULL
  AND score.value IS NOT NULL AND score.as_of IS NOT NULL
"""


def of_ours(model: str) -> WorkspaceForeignKey:
    """A reference to a row of the workspace."""
    return WorkspaceForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to=model,
    )


class Migration(migrations.Migration):
    """The table, its contents, and the indexes."""

    dependencies: ClassVar = [
        ("leads", "0021_cycles"),
        ("scoring", "0012_found_by_lead"),
        ("workspaces", "0010_closer"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ModelScore",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "workspace_id",
                        "lead_id",
                        "model_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("value", models.IntegerField()),
                (
                    "lead_class",
                    models.CharField(choices=CLASSES, db_default="", default="", max_length=4),
                ),
                (
                    "grade",
                    models.CharField(choices=GRADES, db_default="", default="", max_length=2),
                ),
                ("lead", of_ours("leads.lead")),
                ("model", of_ours("scoring.scoremodel")),
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
        ),
        migrations.RunSQL(SAID_BY_NOW, migrations.RunSQL.noop),
        migrations.AddIndex(
            "modelscore",
            models.Index(fields=["workspace", "model", "value", "lead"], name="model_score_of_all"),
        ),
        migrations.AddIndex(
            "probability",
            models.Index(fields=["workspace", "model", "points", "lead"], name="chance_of_all"),
        ),
        Fence("ModelScore", is_referenced=False),
    ]
