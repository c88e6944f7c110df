"""A key is found, with the workspace it opens, in one look."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import PlatformFunction


class Migration(migrations.Migration):
    """`platform_api_key` stays for servers of the version before, which still ask it first."""

    dependencies: ClassVar = [("workspaces", "0004_agreed_to")]

    operations: ClassVar = [
        PlatformFunction(
            "platform_usable_key",
            "asked_hash text, moment timestamptz",
            "TABLE (id uuid, workspace_id uuid, label text, scopes jsonb,"
            " last_used_at timestamptz)",
            """
            SELECT id, workspace_id, label, scopes, last_used_at FROM workspaces_apikey
            WHERE secret_hash = asked_hash AND revoked_at IS NULL
              AND (expires_at IS NULL OR expires_at > moment)
            """,
        ),
    ]
