"""References to a lead are checked when it goes: by index, and not by reading the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0007_database"),
        ("sla", "0002_fence"),
        ("workspaces", "0003_notice"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["workspace", "lead"], name="clock_lead"),
        ),
    ]
