"""Which workspaces hold removed leads whose time is over."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import DueWorkspaces


class Migration(migrations.Migration):
    """The sweep."""

    dependencies: ClassVar = [("leads", "0008_order")]

    operations: ClassVar = [
        DueWorkspaces("leads_due_removed", table="leads_removedlead", condition="expires_at <= $1"),
    ]
