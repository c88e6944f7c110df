"""The outbox belongs to workspaces; the sweep asks which have rows due."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import DueWorkspaces, Fence


class Migration(migrations.Migration):
    """Fence and sweep."""

    dependencies: ClassVar = [("kernel", "0001_initial")]

    operations: ClassVar = [
        Fence("OutboxRow"),
        DueWorkspaces(
            "kernel_due_outbox",
            table="kernel_outbox",
            condition="set_aside_at IS NULL AND due_at <= $1",
        ),
    ]
