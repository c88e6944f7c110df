"""The fixture that takes the place of pytest-django's databases; `tests/conftest.py` imports it."""

from collections.abc import Iterator
from typing import Any

import pytest

from leadmgmt.local.testing.database import TestDatabase
from leadmgmt.local.testing.plugin import services


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give this process a copy of the migrated template, on which it is the application's role."""
    database = TestDatabase(services)
    with django_db_blocker.unblock():
        database.create()
    with database.emptied_by_owner():
        yield
    with django_db_blocker.unblock():
        database.drop()
