"""Hits are read from the index of their key alone."""

from typing import ClassVar

from django.db import migrations

COVERING = """
ALTER TABLE scoring_hit DROP CONSTRAINT scoring_hit_pkey,
    ADD CONSTRAINT scoring_hit_pkey PRIMARY KEY (workspace_id, lead_id, pattern, day)
        INCLUDE (count)
"""


class Migration(migrations.Migration):
    """The same key, carrying the count."""

    dependencies: ClassVar = [("scoring", "0004_contributions_in_scores")]

    operations: ClassVar = [migrations.RunSQL(COVERING, migrations.RunSQL.noop)]
