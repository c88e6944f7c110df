"""The fence, room for scores to move in place, and the sweep of scores that time changes."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import DueWorkspaces, Fence

ROOM = "ALTER TABLE scoring_leadscore SET (fillfactor = 70)"


class Migration(migrations.Migration):
    """Fence, room and sweep."""

    dependencies: ClassVar = [
        ("scoring", "0001_initial"),
        ("leads", "0002_fence"),
        ("workspaces", "0002_fence"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        Fence("ScoreModel", "Rule", "ScoreChange", "Recompute"),
        Fence("Pattern", "Hit", "LeadScore", "Contribution", is_referenced=False),
        DueWorkspaces("scoring_due_scores", table="scoring_leadscore", condition="due_at <= $1"),
    ]
