"""A disposition goes with its lead, and with the qualification of that lead it came from."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.fencing


class Migration(migrations.Migration):
    dependencies: ClassVar = [("funnel", "0013_wide_sums")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="disposition",
            name="qualification",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="funnel.qualification",
            ),
        ),
        migrations.AddIndex(
            model_name="disposition",
            index=models.Index(
                fields=["workspace", "qualification"], name="disposition_qualification"
            ),
        ),
    ]
