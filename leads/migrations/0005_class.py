"""Lists narrowed to a class, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0004_search"),
        ("workspaces", "0002_fence"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["workspace", "lead_class", "-created_at", "-id"], name="lead_class_newest"
            ),
        ),
    ]
