"""Lists narrowed to a country, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leads", "0013_kept_segments"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["workspace", "country", "-created_at", "-id"],
                condition=~models.Q(country=""),
                name="lead_country",
            ),
        ),
    ]
