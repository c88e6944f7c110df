"""Row security, and the look-ups that come before a workspace is known."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import Fence, PlatformFunction


class Migration(migrations.Migration):
    """Fence and audited look-ups: each returns ids, or what a member may see anyway."""

    dependencies: ClassVar = [("workspaces", "0001_initial")]

    operations: ClassVar = [
        Fence("Workspace", column="id"),
        Fence("Member", "Invitation", "ApiKey"),
        PlatformFunction(
            "platform_door",
            "asked_slug text, asked_user uuid",
            "uuid",
            """
            SELECT workspace.id FROM workspaces_workspace AS workspace
            JOIN workspaces_member AS member ON member.workspace_id = workspace.id
            WHERE workspace.slug = asked_slug AND member.user_id = asked_user
              AND member.left_at IS NULL
            """,
        ),
        PlatformFunction(
            "platform_workspaces_of",
            "asked_user uuid",
            "TABLE (slug text, name text)",
            """
            SELECT workspace.slug, workspace.name FROM workspaces_workspace AS workspace
            JOIN workspaces_member AS member ON member.workspace_id = workspace.id
            WHERE member.user_id = asked_user AND member.left_at IS NULL
            ORDER BY workspace.name
            """,
        ),
        PlatformFunction(
            "platform_slug_is_taken",
            "asked_slug text",
            "boolean",
            "SELECT EXISTS (SELECT FROM workspaces_workspace WHERE slug = asked_slug)",
        ),
        PlatformFunction(
            "platform_api_key",
            "asked_hash text",
            "uuid",
            "SELECT workspace_id FROM workspaces_apikey WHERE secret_hash = asked_hash",
        ),
        PlatformFunction(
            "platform_invitation",
            "asked_hash text",
            "uuid",
            "SELECT workspace_id FROM workspaces_invitation WHERE secret_hash = asked_hash",
        ),
        PlatformFunction(
            "platform_site",
            "asked_key text",
            "uuid",
            "SELECT id FROM workspaces_workspace WHERE site_key = asked_key",
        ),
    ]
