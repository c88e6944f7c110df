"""The pytest plugin, loaded by `-p`.

The addresses must be in the environment before Django reads its settings: too early for a conftest.
"""

from collections.abc import Generator
from typing import Any

import pytest

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


def pytest_unconfigure() -> None:
    """Leave no server running behind the last test process."""
    services.leave()
