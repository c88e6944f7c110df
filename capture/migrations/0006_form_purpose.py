"""What a form's box gives leave for."""

from typing import ClassVar

from django.db import migrations, models

from leadmgmt.kernel.fencing import FenceReference, WorkspaceForeignKey


class Migration(migrations.Migration):
    """One reference."""

    dependencies: ClassVar = [("capture", "0005_expiry"), ("leads", "0017_retention")]

    operations: ClassVar = [
        migrations.AddField(
            "form",
            "purpose",
            WorkspaceForeignKey(
                "leads.Purpose",
                models.SET_NULL,
                null=True,
                blank=True,
                related_name="+",
                verbose_name="purpose",
                help_text=(
                    "What the ticked box gives leave for; each answer is kept on the lead with"
                    " its words and time."
                ),
            ),
        ),
        FenceReference("form", "purpose"),
    ]
