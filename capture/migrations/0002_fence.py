"""Row security of capture's tables, and the look-up of a form before its workspace is known."""

from typing import ClassVar

from django.db import migrations

from leadmgmt.kernel.fencing import Fence, PlatformFunction


class Migration(migrations.Migration):
    """Fence, and one audited look-up that returns ids only."""

    dependencies: ClassVar = [("capture", "0001_initial")]

    operations: ClassVar = [
        Fence("Form", "FormDay", "Submission", "Import", "ImportProblem"),
        PlatformFunction(
            "platform_form",
            "asked_token text",
            "uuid",
            "SELECT workspace_id FROM capture_form WHERE token = asked_token",
        ),
    ]
