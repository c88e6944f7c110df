"""The fence around the ledger."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import Fence


class Migration(migrations.Migration):
    """Fence."""

    dependencies: ClassVar = [("reports", "0001_initial"), ("leads", "0002_fence")]

    operations: ClassVar = [Fence("CostLine")]
