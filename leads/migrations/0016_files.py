"""Removed files are found when their time is over."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A small index."""

    dependencies: ClassVar = [("leads", "0015_trait_words")]

    operations: ClassVar = [
        migrations.AddIndex(
            "attachment",
            models.Index(
                fields=["workspace", "removed_at"],
                condition=models.Q(("removed_at__isnull", False)),
                name="attachment_removed",
            ),
        ),
    ]
