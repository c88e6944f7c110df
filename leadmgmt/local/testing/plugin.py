"""The pytest plugin, loaded by `-p`.

The addresses must be in the environment before Django reads its settings: too early for a conftest.
"""

from collections.abc import Generator
from typing import Any

import pytest
from pytest_django.plugin import blocking_manager_key

from leadmgmt.local.testing.services import Services

services = Services()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, Any, Any]:
    """Before pytest-django reads the settings: start the servers, set their addresses."""
    services.enter()
    try:
        return (yield)
    except BaseException:
        services.leave()
        raise


def pytest_collection_finish(session: pytest.Session) -> None:
    """Before the first test, whose time is limited: have a migrated database to copy."""
    is_controller = session.config.pluginmanager.has_plugin("dsession")
    if session.items and not is_controller and not session.config.option.collectonly:
        from leadmgmt.local.testing.database import TestDatabase  # reads the settings

        with session.config.stash[blocking_manager_key].unblock():
            TestDatabase(services).prepare()


def pytest_unconfigure() -> None:
    """Leave no server running behind the last test process."""
    services.leave()
