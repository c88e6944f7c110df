"""Since when a company is in its stage; of those there are, nobody noted it."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("leads", "0021_cycles")]

    operations = [
        migrations.AddField(
            "company", "stage_entered_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AlterField(
            "company",
            "stage_entered_at",
            models.DateTimeField(blank=True, db_default=Now(), null=True),
        ),
    ]
