"""The fence around every table of the funnel, and the sweep for leads that come back."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import DueWorkspaces, Fence


class Migration(migrations.Migration):
    """Fence and sweep."""

    dependencies: ClassVar = [("funnel", "0001_initial"), ("leads", "0002_fence")]

    operations: ClassVar = [
        Fence("Definition", "StageMove", "Qualification", "Deal"),
        Fence("NurturingReturn", "NextStep"),
        DueWorkspaces(
            "funnel_due_returns",
            table="funnel_nurturingreturn",
            condition="ended_at IS NULL AND due_at <= $1",
        ),
    ]
