"""The workspace we are in: at every statement, and nowhere after it."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from leadmgmt.kernel import context
from leadmgmt.kernel.context import NoWorkspace, inside, workspace_id_or_none
from leadmgmt.workspaces.door import Door
from leads.models import Lead
from tests.builders import a_lead
from tests.worlds import World

SETTING = "SELECT current_setting('app.workspace_id', true)"


def _left_on_the_connection() -> str:
    """What the server remembers, asked past the wrapper."""
    with connection.connection.cursor() as cursor:
        cursor.execute(SETTING)
        return str(cursor.fetchone()[0])


def _said() -> str:
    with connection.cursor() as cursor:
        cursor.execute(SETTING)
        return str(cursor.fetchone()[0])


def test_asking_outside_any_workspace_is_a_fault(world: World) -> None:
    with inside(None), pytest.raises(NoWorkspace, match="Enter a workspace first"):
        Lead.objects.count()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_on_the_connection(world: World) -> None:
    a_lead()
    assert _left_on_the_connection() == ""
    with transaction.atomic():
        assert Lead.objects.count() == 1
    assert _left_on_the_connection() == ""
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert _left_on_the_connection() == ""


@pytest.mark.django_db(transaction=True)
def test_one_transaction_may_visit_two_workspaces(world: World) -> None:
    with transaction.atomic():
        assert _said() == str(world.acme.pk)
        with inside(world.globex.pk):
            assert _said() == str(world.globex.pk)
        with inside(None):
            assert _said() == ""
        assert _said() == str(world.acme.pk)


def test_a_savepoint_rolled_back_keeps_the_workspace(world: World) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert _said() == str(world.acme.pk)


def test_many_statements_at_once_say_it_too(world: World) -> None:
    leads = [a_lead(), a_lead()]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE leads_lead SET name = %s WHERE id = %s", [("Same", each.pk) for each in leads]
        )
    assert Lead.objects.filter(name="Same").count() == 2


def test_inside_ends_also_by_an_error(world: World) -> None:
    with pytest.raises(KeyError), inside(world.globex.pk):
        raise KeyError
    assert workspace_id_or_none() == world.acme.pk


def test_a_streamed_answer_stays_in_its_workspace(world: World) -> None:
    a_lead()
    with inside(world.globex.pk):
        a_lead()
        a_lead()

    def rows() -> Iterator[str]:
        for _ in range(3):
            yield f"{workspace_id_or_none()} {Lead.objects.count()};"

    def view(request: HttpRequest) -> StreamingHttpResponse:
        context.enter(world.globex.pk)
        return StreamingHttpResponse(rows())

    answer = Door(view)(HttpRequest())
    assert isinstance(answer, StreamingHttpResponse)
    for chunk in answer:
        assert chunk == f"{world.globex.pk} 2;".encode()
        assert workspace_id_or_none() == world.acme.pk


def test_a_request_leaves_nothing_on_its_thread(world: World) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        assert workspace_id_or_none() is None
        context.enter(world.globex.pk)
        return HttpResponse()

    Door(view)(HttpRequest())
    assert workspace_id_or_none() == world.acme.pk
