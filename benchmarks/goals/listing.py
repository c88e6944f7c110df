"""The list of leads, for programs and for people: fifty rows through filters that have an index."""

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from statistics import median
from uuid import UUID

from benchmarks import load
from benchmarks.measuring import Goal, Outcome, in_turns, p95
from benchmarks.world import World
from leadmgmt.kernel.context import inside
from leads.models import Campaign

CONNECTIONS = 8
NOOPS = 400
REQUESTS = {"api": 60, "page": 20}
ABOUT = {"api": "GET /api/v1/leads, 50 rows", "page": "the page of leads, 50 rows"}


def lists(world: World, port: int) -> Iterator[Outcome]:
    """Requests a second and slowest twentieth, beside a request that does nothing."""
    noops = [load.request("GET", "/bench/noop", port=port)] * NOOPS
    queries = _queries(world)
    for name, (path, headers) in _ways_in(world).items():
        asked = [
            load.request("GET", f"{path}?{query}", port=port, headers=headers) for query in queries
        ]
        requests = list(islice(cycle(asked), REQUESTS[name]))
        yield from _compared(name, requests, noops, port)


def _compared(
    name: str, requests: Sequence[bytes], noops: Sequence[bytes], port: int
) -> Iterator[Outcome]:
    slowest: dict[str, list[float]] = {"ours": [], "nothing": []}

    def measured(whose: str, what: Sequence[bytes]) -> float:
        done = load.run(lambda _: what, port=port, connections=CONNECTIONS)
        slowest[whose].append(p95(done.durations))
        return done.per_second

    ours, nothing = in_turns(lambda: measured("ours", requests), lambda: measured("nothing", noops))
    about = f"{ABOUT[name]} / a request that does nothing"
    yield Outcome(Goal(f"G5 {name}", about, floor=0.08, aim=0.15, unit="requests/s"), ours, nothing)
    late = {whose: 1_000 * median(times[1:]) for whose, times in slowest.items()}
    yield Outcome(
        Goal(f"G5 {name} p95", about, floor=15, aim=8, unit="ms", is_cost=True),
        late["ours"],
        late["nothing"],
    )


def _ways_in(world: World) -> dict[str, tuple[str, dict[str, str]]]:
    return {
        "api": ("/api/v1/leads/", {"Authorization": f"Bearer {world.key}"}),
        "page": (f"/w/{world.workspace.slug}/leads/", {"Cookie": world.cookie}),
    }


def _queries(world: World) -> list[str]:
    with inside(world.workspace.pk):
        campaign: UUID = Campaign.objects.values_list("pk", flat=True).earliest("key")
    return ["stage=mql", "source=google", f"campaign={campaign}", "", f"owner={world.member.pk}"]
