"""Which workspaces hold imports whose licence is over."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import DueWorkspaces


class Migration(migrations.Migration):
    """A sweep that returns ids of workspaces only."""

    dependencies: ClassVar = [("capture", "0004_undo")]

    operations: ClassVar = [
        DueWorkspaces(
            "capture_due_expiry",
            table="capture_import",
            condition="expires_on < (moment AT TIME ZONE 'UTC')::date AND expired_at IS NULL"
            " AND started_at IS NOT NULL",
        ),
    ]
