"""The fence around every table of nurturing, and the sweeps for what is due."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import DueWorkspaces, Fence


class Migration(migrations.Migration):
    """Fence and sweeps."""

    dependencies: ClassVar = [
        ("nurturing", "0001_initial"),
        ("leads", "0002_fence"),
        ("capture", "0002_fence"),
    ]

    operations: ClassVar = [
        Fence("Sequence", "SequenceVersion", "Step", "Enrolment", "Message", "Link", "Suppression"),
        DueWorkspaces(
            "nurturing_due_enrolments",
            table="nurturing_enrolment",
            condition="state = 'running' AND due_at <= $1",
        ),
        DueWorkspaces(
            "nurturing_due_messages",
            table="nurturing_message",
            condition="state = 'planned' AND due_at <= $1",
        ),
        DueWorkspaces(
            "nurturing_overdue_messages",
            table="nurturing_message",
            condition="state = 'sending' AND claimed_at <= $1",
        ),
    ]
