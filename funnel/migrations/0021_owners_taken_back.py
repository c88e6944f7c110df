"""Which customers were given at once, from whom to whom: by that it is undone."""

import django.db.models.deletion
from django.db import migrations, models

import leadmgmt.kernel.fencing
from leadmgmt.kernel.fencing import FenceReference


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0020_health_off"),
        ("workspaces", "0010_closer"),
    ]

    operations = [
        migrations.AddField(
            model_name="customerchange",
            name="batch",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="customerchange",
            name="owner_was",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="workspaces.member",
            ),
        ),
        migrations.AddField(
            model_name="customerchange",
            name="owner_now",
            field=leadmgmt.kernel.fencing.WorkspaceForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="workspaces.member",
            ),
        ),
        migrations.AddIndex(
            model_name="customerchange",
            index=models.Index(
                condition=models.Q(("batch__isnull", False)),
                fields=["workspace", "batch"],
                name="change_of_batch",
            ),
        ),
        FenceReference("CustomerChange", "owner_was"),
        FenceReference("CustomerChange", "owner_now"),
    ]
