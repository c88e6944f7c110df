"""What the segments meant that a version's rules ask about."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column."""

    dependencies: ClassVar = [("scoring", "0014_release_steps")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="modelversion",
            name="meant",
            field=models.JSONField(db_default={}, default=dict, editable=False),
        ),
    ]
