"""The same thing asked four times at once happens once, and nobody sees a fault."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.actions.invitations import invite_member
from leadmgmt.workspaces.models import Invitation
from scoring.actions.drafting import start_draft
from scoring.models import ModelVersion
from sla.actions import Promise, publish_policy
from sla.models import Policy
from tests.worlds import World

CLICKS = 4

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(world: World, work: Callable[[], object]) -> None:
    gate = Barrier(CLICKS)

    def click(_number: int) -> None:
        try:
            with inside(world.acme.pk):
                gate.wait(10)
                work()
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as clicks:
        list(clicks.map(click, range(CLICKS)))


def test_one_invitation_stays_open(world: World) -> None:
    now = timezone.now()
    at_once(world, lambda: invite_member("new@example.com", role="rep", by=world.ada, now=now))
    assert Invitation.objects.open(now).count() == 1


def test_one_draft_is_started(world: World) -> None:
    at_once(world, lambda: start_draft(by=world.mara, now=timezone.now()))
    assert ModelVersion.objects.draft().count() == 1


def test_one_policy_is_published(world: World) -> None:
    now = timezone.now()
    at_once(world, lambda: publish_policy(Promise(), reason="New", by=world.ada, now=now))
    assert Policy.objects.count() == 1
