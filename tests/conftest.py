"""What every test can ask for: the small named world; see `builders` and `clients` for the rest."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as generated

from leadmgmt.kernel.context import inside
from leadmgmt.local.testing.fixtures import django_db_setup
from tests.mail_server import mail_server, sink
from tests.worlds import NAMES, World, make_world

__all__ = ["django_db_setup", "mail_server", "sink"]


# A busy machine draws slowly; that says nothing about what is tested.
generated.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
generated.load_profile("ours")


@pytest.fixture(scope="session", autouse=True)
def _no_search_for_static_files() -> None:
    # Else each new test client reads all of them, 50 ms a time.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The two workspaces and their people; the test stands inside acme."""
    made = make_world()
    with inside(made.acme.pk):
        yield made


def _one_of_the_world(name: str) -> Any:
    @pytest.fixture(name=name)
    def one(world: World) -> Any:
        return getattr(world, name)

    return one


for _name in NAMES:
    globals()[_name] = _one_of_the_world(_name)
