"""Health rules are switched off by somebody, for a reason."""

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import FenceReference


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0019_queue_pool_in_order"),
        ("workspaces", "0010_closer"),
    ]

    operations = [
        migrations.AddField(
            model_name="healthplan",
            name="off_reason",
            field=models.CharField(
                default="", max_length=300, verbose_name="why it was switched off"
            ),
        ),
        migrations.AddField(
            model_name="healthplan",
            name="retired_by",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="workspaces.member",
            ),
        ),
        FenceReference("HealthPlan", "retired_by"),
    ]
