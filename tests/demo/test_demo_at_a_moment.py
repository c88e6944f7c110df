"""A demo may be made at any moment."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from funnel.models import Assignment, Wait
from leadmgmt.demo.generator import make_demo
from leadmgmt.kernel.context import inside
from tests.demo.conftest import LOGINS


def test_who_waits_was_never_given_to_anybody(db: Any, settings: Any, tmp_path: Path) -> None:
    """At some moments reps handed back what their plan had just given them."""
    settings.MEDIA_ROOT = tmp_path
    sunday = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)
    with inside(make_demo(now=sunday, logins=LOGINS, leads=700).pk):
        waiting = Wait.objects.true().values("lead")
        assert len(waiting) == 2
        assert not Assignment.objects.filter(lead__in=waiting).exists()
