"""Search by words, as somebody types them, beside the list without a search."""

from collections.abc import Iterator
from itertools import cycle, islice

from benchmarks import load
from benchmarks.measuring import Goal, Outcome, in_turns, p95
from benchmarks.world import World
from leadmgmt.kernel.context import inside
from leads.models import Lead

CONNECTIONS = 8
REQUESTS = 60
PEOPLE = 40

G5C = Goal(
    "G5c",
    "p95 of GET /api/v1/leads/?q=: the beginning of a name, an email, a firm, two words / "
    "the same list without a search",
    floor=4.0,
    aim=2.0,
    unit="ms",
    is_cost=True,
)


def searches(world: World, port: int) -> Iterator[Outcome]:
    """The slowest twentieth of each."""
    yield Outcome(G5C, *_slowest(world, port))


def _slowest(world: World, port: int) -> tuple[float, float]:
    headers = {"Authorization": f"Bearer {world.key}"}

    def late(queries: list[str]) -> float:
        asked = [
            load.request("GET", f"/api/v1/leads/{query}", port=port, headers=headers)
            for query in islice(cycle(queries), REQUESTS)
        ]
        done = load.run(lambda _: asked, port=port, connections=CONNECTIONS)
        return 1_000 * p95(done.durations)

    words = _typed(world)
    return in_turns(lambda: late([f"?q={each}" for each in words]), lambda: late([""]))


def _typed(world: World) -> list[str]:
    """What people look for: each time somebody else, four ways."""
    with inside(world.workspace.pk):
        people = Lead.objects.filter(pk__in=world.lead_ids[:PEOPLE]).order_by("pk")
        known = [(name.split()[-1], email) for name, email in people.values_list("name", "email")]
    return [
        typed
        for name, email in known
        for typed in (name[:5], email, email.split("@")[1], f"{name[:4]}+{email[:10]}")
    ]
