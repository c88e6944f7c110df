"""`make bench` (SIZE=100k, GOALS=G1,G5): prints name, ours, reference, ratio, goal."""

import os
import sys

import django


def main() -> int:
    """Measure the goals asked for; 1 when a floor is missed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    from django.core.management import call_command

    from benchmarks.goals import measure

    call_command("migrate", database="owner", verbosity=0)
    size = os.environ.get("SIZE", "100k")
    chosen = {name for name in os.environ.get("GOALS", "").split(",") if name}
    missed = 0
    print(f"{'goal':6}{'ours':>14}{'reference':>14}{'ratio':>9}{'floor':>8}{'aim':>8}  unit")
    for outcome in measure(size, chosen):
        goal = outcome.goal
        missed += outcome.verdict == "MISSED"
        print(
            f"{goal.name:6}{outcome.ours:14,.4g}{outcome.reference:14,.4g}{outcome.ratio:9.3g}"
            f"{goal.floor or '-':>8}{goal.aim or '-':>8}  {goal.unit}: {outcome.verdict}"
            f"\n       {goal.about}",
            flush=True,
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
