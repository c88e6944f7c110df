"""Rows that go with their lead are found by it, whatever has become of them."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index without a condition on each."""

    dependencies: ClassVar = [("scoring", "0011_releases")]

    operations: ClassVar = [
        migrations.RemoveIndex("heldlead", "held_lead"),
        migrations.AddIndex(
            "heldlead", models.Index(fields=["workspace", "lead"], name="held_by_lead")
        ),
        migrations.AddIndex(
            "touchedlead", models.Index(fields=["workspace", "lead"], name="touched_lead")
        ),
    ]
