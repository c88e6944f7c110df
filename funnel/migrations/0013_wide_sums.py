"""Sums of deals hold whatever deals can add up to."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Wider columns; the rows stay."""

    dependencies: ClassVar = [("funnel", "0012_queue_order")]

    operations: ClassVar = [
        migrations.AlterField(
            "dealsum", name, models.DecimalField(decimal_places=0, default=0, max_digits=30)
        )
        for name in ("amount", "margin", "plain", "weighed")
    ]
