"""The door opens in one look: member, workspace, and how many notices wait."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import PlatformFunction


class Migration(migrations.Migration):
    """`platform_door` stays for servers of the version before, which still ask it first."""

    dependencies: ClassVar = [("workspaces", "0006_unseen_notices")]

    operations: ClassVar = [
        PlatformFunction(
            "platform_enter",
            "asked_slug text, asked_user uuid",
            "TABLE (member workspaces_member, workspace workspaces_workspace, unseen bigint)",
            """
            SELECT member, workspace, (
                SELECT count(*) FROM workspaces_notice AS notice
                WHERE notice.workspace_id = workspace.id AND notice.member_id = member.id
                  AND notice.seen_at IS NULL)
            FROM workspaces_workspace AS workspace
            JOIN workspaces_member AS member ON member.workspace_id = workspace.id
            WHERE workspace.slug = asked_slug AND member.user_id = asked_user
              AND member.left_at IS NULL
            """,
        ),
    ]
