"""References to an enrolment are checked when it goes: by index, not by reading the table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0007_database"),
        ("nurturing", "0003_messages_by_time"),
        ("workspaces", "0003_notice"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["workspace", "enrolment"], name="message_enrolment"),
        ),
    ]
