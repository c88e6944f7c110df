"""Members may want their notices by email."""

from typing import ClassVar

from django.db import migrations, models

from leadmgmt.kernel.fencing import DueWorkspaces


class Migration(migrations.Migration):
    """The wish, and the sweep that finds what is to be mailed."""

    dependencies: ClassVar = [("workspaces", "0007_enter")]

    operations: ClassVar = [
        migrations.AddField(
            "member",
            "wants_mail",
            models.BooleanField(
                default=False, db_default=False, verbose_name="wants notices by email"
            ),
        ),
        migrations.AddIndex(
            "notice",
            models.Index(
                fields=["created_at"],
                condition=models.Q(("mailed_at", None), ("seen_at", None)),
                name="notice_unmailed",
            ),
        ),
        DueWorkspaces(
            "workspaces_due_mail",
            table="workspaces_notice",
            condition=(
                "mailed_at IS NULL AND seen_at IS NULL"
                " AND created_at BETWEEN $1 - interval '1 day' AND $1 - interval '5 minutes'"
                " AND EXISTS (SELECT FROM workspaces_member AS member"
                " WHERE member.workspace_id = workspaces_notice.workspace_id"
                " AND member.id = workspaces_notice.member_id"
                " AND member.wants_mail AND member.left_at IS NULL)"
            ),
        ),
    ]
