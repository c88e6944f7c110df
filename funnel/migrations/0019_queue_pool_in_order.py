"""The pool of the queue is read in its order, not sorted."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("funnel", "0018_care")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="queueentry",
            index=models.Index(
                condition=models.Q(("owner", None)),
                fields=[
                    "workspace",
                    "due_hour",
                    "urgency",
                    "-value",
                    "-closeness",
                    "-score",
                    "since",
                    "id",
                ],
                name="queue_pool_in_order",
            ),
        ),
    ]
