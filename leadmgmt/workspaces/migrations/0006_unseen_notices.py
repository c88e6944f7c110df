"""The bell counts notices that were not seen on every page."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A small index for the count."""

    dependencies: ClassVar = [("workspaces", "0005_one_look_at_a_key")]

    operations: ClassVar = [
        migrations.AddIndex(
            "notice",
            models.Index(
                fields=["workspace", "member"],
                condition=models.Q(("seen_at", None)),
                name="notice_unseen",
            ),
        ),
    ]
