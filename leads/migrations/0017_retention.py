"""Workspaces whose retention rules have not run tonight are found."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import DueWorkspaces


class Migration(migrations.Migration):
    """The sweep."""

    dependencies: ClassVar = [("leads", "0016_files")]

    operations: ClassVar = [
        DueWorkspaces(
            "leads_due_retention",
            table="leads_retentionrule",
            condition="is_on AND (ran_at IS NULL OR ran_at <= $1 - interval '20 hours')",
        ),
    ]
