"""The dice: one seeded source of chance, and the shapes of time that business takes."""

import math
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T")

OPENING, CLOSING = 8, 19  # local hours between which people are at work


class Dice(random.Random):
    """Seeded chance; the same seed tells the same story."""

    def one_of(self, weighted: Sequence[tuple[T, float]]) -> T:
        """One value, by weight."""
        values, weights = zip(*weighted, strict=True)
        return self.choices(values, weights)[0]

    def is_so(self, probability: float) -> bool:
        """True with this probability."""
        return self.random() < probability

    def about(self, mean: float) -> int:
        """A whole number around `mean`, never negative (Poisson, by inversion)."""
        limit, product, count = math.exp(-min(mean, 50)), self.random(), 0
        while product > limit:
            product *= self.random()
            count += 1
        return count

    def lasting(self, mean: timedelta) -> timedelta:
        """A wait: mostly shorter than `mean`, now and then much longer (exponential)."""
        return timedelta(seconds=self.expovariate(1 / mean.total_seconds()))

    def money(self, median: int, spread: float = 0.6) -> int:
        """An amount in cents around `median` euros, in whole tens of euros (log-normal)."""
        return max(10, round(self.lognormvariate(math.log(median), spread) / 10) * 10) * 100


def at_work(moment: datetime, zone: ZoneInfo, dice: Dice) -> datetime:
    """The same moment, moved to a working hour of a working day if it is not in one."""
    local = moment.astimezone(zone)
    if not OPENING <= local.hour < CLOSING:
        days = 1 if local.hour >= CLOSING else 0
        start = local.replace(hour=OPENING, minute=dice.randrange(60)) + timedelta(days=days)
        local = start + timedelta(minutes=dice.randrange(120))
    while local.weekday() >= 5:
        local += timedelta(days=1)
    return local.astimezone(moment.tzinfo)


def busyness(day: datetime) -> float:
    """How much goes on: little at week-ends and in August, less around Christmas."""
    weekday = 0.25 if day.weekday() >= 5 else 1.0
    season = {8: 0.55, 12: 0.8, 7: 0.8}.get(day.month, 1.0)
    return weekday * season
