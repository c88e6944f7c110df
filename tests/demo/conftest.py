"""Demos that the tests of a file share: built once, and each test leaves them as they were."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from leadmgmt.demo.generator import make_demo
from leadmgmt.workspaces.models import Workspace

LOGINS = {"admin": ("admin@demo.example", "demo-lead-2026")}


@pytest.fixture(scope="module")
def shared_demo(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Workspace]:
    """With as many leads as the file says by `LEADS`. Its tests must not ask for `db` beside it."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), _undone():
        yield make_demo(now=datetime.now(UTC), logins=LOGINS, leads=request.module.LEADS)


@pytest.fixture
def demo(shared_demo: Workspace) -> Iterator[Workspace]:
    """The demo of the file; whatever a test writes is undone."""
    with _undone():
        yield shared_demo


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
