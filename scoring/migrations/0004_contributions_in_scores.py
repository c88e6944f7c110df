"""Contributions move into the row of their score, and fewer promises are checked for each row."""

from typing import Any, ClassVar

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

import leadmgmt.kernel.context

MOVED = """
UPDATE scoring_leadscore AS score
SET rules = given.rules, facts = given.facts, raw = given.raw, points = given.points
FROM (
    SELECT given.workspace_id, given.lead_id, rule.model_id,
        array_agg(given.rule_id) AS rules, array_agg(given.facts) AS facts,
        array_agg(given.raw) AS raw, array_agg(given.points) AS points
    FROM scoring_contribution AS given JOIN scoring_rule AS rule
        ON rule.workspace_id = given.workspace_id AND rule.id = given.rule_id
    GROUP BY 1, 2, 3
) AS given
WHERE score.workspace_id = given.workspace_id AND score.lead_id = given.lead_id
  AND score.model_id = given.model_id
"""
# Nothing refers to a change of score, or to a hit.
UNREFERENCED = "ALTER TABLE scoring_scorechange DROP CONSTRAINT scoring_scorechange_ref"


def array_of(field: Any) -> Any:
    """An empty array for a start."""
    return ArrayField(base_field=field, default=list, size=None)


def unchecked() -> Any:
    """The workspace, whose constraint is that of the lead."""
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        default=leadmgmt.kernel.context.current_workspace_id,
        editable=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="workspaces.workspace",
    )


class Migration(migrations.Migration):
    """Columns, their contents, and what goes."""

    dependencies: ClassVar = [
        ("scoring", "0003_repeated_recomputes"),
        ("workspaces", "0002_fence"),
    ]

    operations: ClassVar = [
        migrations.AddField("leadscore", "rules", array_of(models.UUIDField())),
        migrations.AddField("leadscore", "facts", array_of(models.IntegerField())),
        migrations.AddField("leadscore", "raw", array_of(models.BigIntegerField())),
        migrations.AddField("leadscore", "points", array_of(models.IntegerField())),
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
        migrations.DeleteModel("Contribution"),
        migrations.AlterField("hit", "workspace", unchecked()),
        migrations.AlterField("leadscore", "workspace", unchecked()),
        migrations.AlterField("scorechange", "workspace", unchecked()),
        migrations.RunSQL(UNREFERENCED, migrations.RunSQL.noop),
    ]
