"""How many a release has made MQLs of is a count that only goes up."""

from typing import ClassVar

from django.db import migrations, models

COUNTED = """
UPDATE scoring_release AS release SET promoted = (
    SELECT count(*) FROM scoring_heldlead AS held
    WHERE held.workspace_id = release.workspace_id AND held.release_id = release.id
      AND held.is_promoted)
"""


class Migration(migrations.Migration):
    """One column; who is gone already was not counted."""

    dependencies: ClassVar = [("scoring", "0015_meant")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="release",
            name="promoted",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.RunSQL(COUNTED, migrations.RunSQL.noop),
    ]
