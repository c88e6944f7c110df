"""Whoever is to take an onboarding step is told, once, that its day has passed."""

from django.db import migrations, models

from leadmgmt.kernel.fencing import DueWorkspaces

# What is late already is seen on the pages; nobody gets a heap of notices about it.
TOLD = """
UPDATE funnel_checklistitem SET late_told_at = now() WHERE state = 'open' AND due_on < current_date
"""


class Migration(migrations.Migration):
    dependencies = [("funnel", "0022_histories")]

    operations = [
        migrations.AddField(
            model_name="checklistitem",
            name="late_told_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="checklistitem",
            index=models.Index(
                condition=models.Q(("late_told_at", None), ("state", "open")),
                fields=["workspace", "due_on", "id"],
                name="checklist_untold",
            ),
        ),
        # Where it is tomorrow already the day has come; which day it is, each workspace says.
        DueWorkspaces(
            "funnel_due_steps",
            table="funnel_checklistitem",
            condition="state = 'open' AND late_told_at IS NULL"
            " AND due_on < (($1 AT TIME ZONE 'UTC') + interval '14 hours')::date",
        ),
    ]
