"""Lists sorted by score and by activity, unknown last."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0002_fence"),
        ("workspaces", "0002_fence"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="lead",
            name="lead_score",
        ),
        migrations.RemoveIndex(
            model_name="lead",
            name="lead_active",
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                models.F("workspace"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce("score", -2147483648),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                name="lead_by_score",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                models.F("workspace"),
                models.OrderBy(
                    django.db.models.functions.comparison.Coalesce(
                        "last_activity_at", "created_at"
                    ),
                    descending=True,
                ),
                models.OrderBy(models.F("id"), descending=True),
                name="lead_by_activity",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["workspace", "source", "-created_at", "-id"], name="lead_source"
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("campaign", None), _negated=True),
                fields=["workspace", "campaign", "-created_at", "-id"],
                name="lead_campaign",
            ),
        ),
    ]
