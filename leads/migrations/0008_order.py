"""Lists sorted by score and by activity go on from a cursor through their index."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Case, F, OrderBy, When

SCORE = Case(When(score__isnull=False, then="score"), default=-2147483648)
ACTIVE_AT = Case(
    When(last_activity_at__isnull=False, then="last_activity_at"), default="created_at"
)


def by(expression: Case, name: str) -> migrations.AddIndex:
    """The index of one order, from the top."""
    order = (OrderBy(expression, descending=True), OrderBy(F("id"), descending=True))
    return migrations.AddIndex("lead", models.Index(F("workspace"), *order, name=name))


class Migration(migrations.Migration):
    """PostgreSQL believes that COALESCE may leak, so row security kept it out of the index."""

    dependencies: ClassVar = [("leads", "0007_database")]

    operations: ClassVar = [
        migrations.RemoveIndex("lead", "lead_by_score"),
        migrations.RemoveIndex("lead", "lead_by_activity"),
        by(SCORE, "lead_by_score"),
        by(ACTIVE_AT, "lead_by_activity"),
    ]
