"""Trying again what was set aside."""

import pytest
from django.db.models import F
from django.utils import timezone

from leadmgmt.kernel.models import OutboxRow
from leadmgmt.workspaces.addresses import workspace_reverse
from leadmgmt.workspaces.models import Member
from tests.clients import client_of


@pytest.fixture
def stuck(ada: Member) -> list[OutboxRow]:
    """Two rows that failed too often."""
    told = {"reaction": "x", "payload": {"ids": []}, "attempts": 8, "set_aside_at": timezone.now()}
    return [OutboxRow.objects.create(**told) for _each in range(2)]


def _left() -> int:
    return OutboxRow.objects.exclude(set_aside_at=F("due_at")).exclude(set_aside_at=None).count()


def _try(ada: Member, **said: object) -> None:
    answer = client_of(ada).post(workspace_reverse("workspaces:stuck_work"), said)
    assert answer.status_code == 302


def test_one_is_tried_or_all_are(ada: Member, stuck: list[OutboxRow]) -> None:
    _try(ada, row=stuck[0].pk)
    assert _left() == 1
    _try(ada)
    assert _left() == 0


@pytest.mark.parametrize("row", ["9" * 5_000, str(2**63), "x", "", "-1"])
def test_what_names_no_row_tries_nothing(ada: Member, stuck: list[OutboxRow], row: str) -> None:
    _try(ada, row=row)
    assert _left() == 2
