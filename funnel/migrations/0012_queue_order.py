"""The order of the queue is checked by itself, in every workspace that has one."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import DueWorkspaces


class Migration(migrations.Migration):
    dependencies: ClassVar = [("funnel", "0011_closing")]

    operations: ClassVar = [
        DueWorkspaces("funnel_with_queue", table="funnel_queueentry", condition="since <= $1"),
    ]
