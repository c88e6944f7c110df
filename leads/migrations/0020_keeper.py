"""Segments an app keeps for itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0019_company_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="segment",
            name="keeper",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
    ]
