"""An outcome is called otherwise; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("funnel", "0004_cycles"),
    ]

    operations = [
        migrations.AlterField(
            model_name="closedcycle",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("won", "Bought"),
                    ("lost", "Deal lost"),
                    ("never", "Disqualified"),
                    ("not_now", "Not now"),
                    ("nothing", "No result"),
                ],
                max_length=7,
            ),
        ),
    ]
