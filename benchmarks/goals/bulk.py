"""One verb for everybody: from the click to the last lead, and back again."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.db import connections
from django.utils import timezone

from benchmarks.measuring import Goal, Outcome, seconds
from benchmarks.world import World
from leadmgmt.kernel.context import inside
from leadmgmt.workspaces.models import Member, Role, User
from leads.actions.bulk import move_bulk, start_bulk, undo_bulk
from leads.bulk import verb_called
from leads.models import BulkAction, BulkStatus

LONGEST = 15.0  # seconds
MOVING = (BulkStatus.RUNNING, BulkStatus.UNDOING)


def _goal(what: str) -> Goal:
    about = f"one bulk action for all leads, with what undoes it: {what} / 15 s"
    return Goal("G-bulk", about, floor=1.0, aim=0.6, unit="s", is_cost=True)


def everybody(world: World) -> Iterator[Outcome]:
    """Each verb once, the chunks one after the other; what reacts later is not waited for."""
    with inside(world.workspace.pk):
        asked: Mapping[str, dict[str, Any]] = {
            "assign": {"owner": str(_rep().pk)},
            "set_field": {"field": "city", "value": "Athens"},
            "tag": {"tag": "Bench"},
        }
        for kind, parameters in asked.items():
            took = seconds(partial(_done, world, kind, parameters))
            back = seconds(_taken_back)
            print(f"       {kind}: taken back in {back:.1f} s", flush=True)
            _forget(world)
            world.clean()
            yield Outcome(_goal(kind), took, LONGEST)


def _rep() -> Member:
    """Who has no lead yet."""
    user = User.objects.filter(email="rep@example.org").first()
    user = user or User.objects.create_user("rep@example.org", name="Rep")
    return Member.objects.get_or_create(user=user, defaults={"role": Role.REP, "name": "Rep"})[0]


def _done(world: World, kind: str, parameters: dict[str, Any]) -> None:
    verb = verb_called(kind)
    if verb is None:
        raise AssertionError(kind)
    bulk = start_bulk(
        verb,
        parameters=parameters,
        selection={"query": {}},
        by=world.member,
        now=timezone.now(),
    )
    _moved(bulk)


def _taken_back() -> None:
    _moved(undo_bulk(BulkAction.objects.latest("created_at").pk, now=timezone.now()))


def _moved(bulk: BulkAction) -> None:
    while bulk.status in MOVING:
        move_bulk(bulk.pk, now=timezone.now())
        bulk.refresh_from_db()
    if bulk.status not in (BulkStatus.DONE, BulkStatus.UNDONE):
        raise AssertionError(bulk.problem)


def _forget(world: World) -> None:
    with connections["owner"].cursor() as cursor:
        for table in ("leads_bulkchange", "leads_bulkaction", "leads_leadtag", "leads_tag"):
            of = {"workspace": world.workspace.pk}
            cursor.execute(f"DELETE FROM {table} WHERE workspace_id = %(workspace)s", of)
