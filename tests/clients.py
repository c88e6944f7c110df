"""Ways to act through the public surface: a browser, an integration, a worker."""

from django.test import Client
from rest_framework.test import APIClient

from leadmgmt.kernel.context import inside
from leadmgmt.kernel.drain import drain as drain_outbox
from leadmgmt.kernel.models import OutboxRow
from leadmgmt.workspaces.actions.keys import MadeKey
from leadmgmt.workspaces.models import Member, User
from tests.worlds import ACME, GLOBEX

BACKEND = "leadmgmt.workspaces.logins.PasswordBackend"


class JsonClient(APIClient):
    """An integration that speaks JSON."""

    default_format = "json"


def client_of(person: Member | User) -> Client:
    """A browser in which `person` is logged in; pages are under `/w/acme/…`."""
    client = Client()
    client.force_login(person if isinstance(person, User) else person.user, backend=BACKEND)
    return client


def api_of(made: MadeKey) -> JsonClient:
    """An integration that holds the key `made`."""
    client = JsonClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {made.secret}")
    return client


def drain() -> int:
    """Do what waits in the outbox, as the worker would; a reaction that fails fails the test."""
    done = drain_outbox()
    for workspace_id in (ACME, GLOBEX):
        with inside(workspace_id):
            failed = OutboxRow.objects.filter(attempts__gt=0).first()
        assert failed is None, f"{failed.reaction} failed: {failed.last_error}"
    return done
