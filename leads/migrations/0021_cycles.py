"""When the present qualification cycle of a lead began; empty in the first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0020_keeper")]

    operations = [
        migrations.AddField("lead", "cycle_began_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "lead",
            models.Index(
                condition=models.Q(("cycle_began_at__isnull", False)),
                fields=["workspace", "id"],
                include=["cycle_began_at"],
                name="lead_in_later_cycle",
            ),
        ),
    ]
