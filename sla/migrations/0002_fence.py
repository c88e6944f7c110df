"""The fence, and the sweep for deadlines that have passed."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import DueWorkspaces, Fence


class Migration(migrations.Migration):
    """Fence and sweep."""

    dependencies: ClassVar = [("sla", "0001_initial"), ("leads", "0002_fence")]

    operations: ClassVar = [
        Fence("Policy", "Clock"),
        DueWorkspaces(
            "sla_due_clocks",
            table="sla_clock",
            condition="stopped_at IS NULL AND breached_at IS NULL AND due_at <= $1",
        ),
    ]
