"""References to a lead are checked when it goes: by index, and not by reading the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0002_fence"),
        ("leads", "0007_database"),
        ("workspaces", "0003_notice"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="nextstep",
            index=models.Index(fields=["workspace", "lead"], name="next_step_lead"),
        ),
        migrations.AddIndex(
            model_name="nurturingreturn",
            index=models.Index(fields=["workspace", "lead"], name="return_lead"),
        ),
    ]
